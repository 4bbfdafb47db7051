import type { AuthProviderEvidence, Place, ProjectEvidence } from '../../evidence.ts';
import { isLoopback } from '../isLocalOrigin.ts';
import { hostOf } from '../issuers.ts';
import { publishableKeyOf } from './publishableKeyOf.ts';
import { appVariable, convexVariable } from './variables.ts';

/** A provider of auth.config, and the issuer that Convex takes from it. */
export interface IssuerInUse {
  readonly provider: AuthProviderEvidence;
  /** The variable that it is read from; `domain` or `issuer` where it is written out. */
  readonly name: string;
  /** Absent: its variable is not set, as far as is known. */
  readonly value?: string;
  readonly isWrittenOut: boolean;
  /** Of the variable in its file, else of the provider. */
  readonly at: Place;
}

/** Host of the Clerk instance that the publishable key names. Undefined: the key does not tell. */
export const instanceHostOf = (project: ProjectEvidence): string | undefined =>
  hostOf(publishableKeyOf(project)?.parsed?.frontendApi);

/**
 * The provider of auth.config that is meant for Clerk: the one of the publishable key's instance, else one whose variable
 * says Clerk, else one whose host does, else the only one, unless another identity provider's host is written out.
 */
export function clerkProviderOf(project: ProjectEvidence): IssuerInUse | null {
  const issuers = issuersOf(project);
  const instance = instanceHostOf(project);
  const hostIn = ({ value }: IssuerInUse): string | undefined => hostOf(value);
  const [only] = issuers.length === 1 ? issuers : [];
  return (
    issuers.find((issuer) => instance !== undefined && hostIn(issuer) === instance) ??
    issuers.find(({ provider }) => provider.domainEnv.some((name) => name.includes('CLERK'))) ??
    issuers.find((issuer) => isClerkLike(hostIn(issuer))) ??
    (only && (!only.isWrittenOut || instance === undefined) ? only : null)
  );
}

/** By the names that Clerk gives: `happy-animal-12.clerk.accounts.dev`, `clerk.example.com`. */
const isClerkLike = (host: string | undefined): boolean =>
  host !== undefined && (/\.clerk\.accounts\.dev$|^clerk\./.test(host) || isLoopback(host));

/** Every provider with its issuer. */
export function issuersOf(project: ProjectEvidence): readonly IssuerInUse[] {
  if (project.authConfig?.status !== 'read') return [];
  return project.authConfig.providers.map((provider) => {
    const { domainEnv, kind } = provider;
    const variable = convexVariable(project, domainEnv);
    const value = issuerIn(project, provider);
    const isWrittenOut = !variable && value !== undefined;
    const setting = kind === 'oidc' ? 'domain' : 'issuer';
    return {
      provider,
      name: variable?.name ?? (isWrittenOut ? setting : (domainEnv[0] ?? setting)),
      ...(value !== undefined && { value }),
      isWrittenOut,
      at: variable?.at ?? provider.at,
    };
  });
}

/** `domain` may have been made with the values of the env files, which do not count where the deployment's are known. */
function issuerIn(project: ProjectEvidence, { domain = '', domainEnv }: AuthProviderEvidence): string | undefined {
  const counts = convexVariable(project, domainEnv)?.value;
  const local = appVariable(project, domainEnv)?.value;
  const isLocal = local !== undefined && domain.includes(local);
  if (counts === undefined) return isLocal || domain.trim() === '' ? undefined : domain;
  if (domain === counts || domain === local) return counts;
  if (domain.includes(counts)) return domain;
  return isLocal ? domain.replace(local, () => counts) : counts;
}
