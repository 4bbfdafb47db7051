import { EmulatorError } from '../errors.ts';

/** A provider of `auth.config.ts`, read. */
export type AuthProvider =
  | { readonly type: 'oidc'; readonly domain: string; readonly applicationID: string }
  | {
      readonly type: 'customJwt';
      readonly issuer: string;
      readonly applicationID: string | undefined;
      readonly jwks: string;
      readonly algorithm: 'RS256' | 'ES256';
    };

/** Reads the default export of `auth.config.ts`. Throws `EmulatorError` `functions_invalid` with the backend's texts (crates/isolate/src/environment/auth_config.rs). */
export function readAuthProviders(config: unknown): readonly AuthProvider[] {
  if (config === undefined) {
    throw invalid('auth config file is missing default export. Write `export default { providers: [...] }`.');
  }
  const providers = isRecord(config) ? config.providers : undefined;
  if (!Array.isArray(providers)) throw mismatch('missing field `providers`');
  return providers.map(readProvider);
}

function readProvider(provider: unknown, index: number): AuthProvider {
  if (!isRecord(provider)) throw mismatch(`Provider at index ${index} is no object.`);
  if ('applicationId' in provider || 'applicationid' in provider) {
    throw mismatch(
      `Provider at index ${index} must have applicationID property spelled lowercase 'application', capital I, capital D.`,
    );
  }
  const { type = 'oidc', domain, issuer, applicationID, jwks, algorithm } = provider;
  if (type === 'customJwt') {
    if (domain !== undefined) {
      throw mismatch(`Provider at index ${index} is a customJwt so cannot have a 'domain' specified`);
    }
    if (algorithm !== 'RS256' && algorithm !== 'ES256') {
      throw mismatch(`Provider at index ${index} needs \`algorithm\`: 'RS256' or 'ES256'.`);
    }
    return {
      type,
      issuer: withProtocol(text(issuer, 'issuer', index)),
      applicationID: applicationID === undefined ? undefined : text(applicationID, 'applicationID', index),
      jwks: text(jwks, 'jwks', index),
      algorithm,
    };
  }
  if (type !== 'oidc') throw mismatch(`Provider at index ${index} has unexpected 'type' value '${String(type)}'`);
  if (issuer !== undefined) {
    throw mismatch(`Provider at index ${index} is oidc so cannot have an 'issuer' specified.`);
  }
  return {
    type,
    domain: withProtocol(text(domain, 'domain', index)),
    applicationID: text(applicationID, 'applicationID', index),
  };
}

function text(value: unknown, field: string, index: number): string {
  if (typeof value === 'string' && value !== '') return value;
  throw mismatch(`Provider at index ${index} needs \`${field}\`, a string that is not empty.`);
}

/** Domains may be written without their scheme. */
export const withProtocol = (url: string): string => (/^https?:\/\//.test(url) ? url : `https://${url}`);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const invalid = (message: string) => new EmulatorError('functions_invalid', message);
const mismatch = (message: string) =>
  invalid(`auth config file must include a list of provider credentials: ${message}`);
