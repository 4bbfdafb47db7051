import { environment } from './environment.ts';

/** What the issuer is called in Convex's guide to Clerk, and in Clerk's to Convex. `auth.config.ts` reads the same. */
const names = ['CLERK_JWT_ISSUER_DOMAIN', 'CLERK_FRONTEND_API_URL'] as const;

/** The issuer of the Clerk instance's tokens: what was given, else what the environment says, else undefined. */
export function clerkIssuer(given: string | undefined): string | undefined {
  const env = environment();
  return [given, ...names.map((name) => env[name])].map(asIssuer).find((issuer) => issuer !== '');
}

/** One spelling: with a scheme, without a slash at the end, as Clerk writes it into `iss`. Empty: there is none. */
export function asIssuer(url: string | undefined): string {
  const bare = url?.trim().replace(/\/+$/, '') ?? '';
  return bare === '' || /^https?:\/\//i.test(bare) ? bare : `https://${bare}`;
}
