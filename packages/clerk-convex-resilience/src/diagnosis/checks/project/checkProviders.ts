import type { ProviderUse } from '../../evidence.ts';
import { onProject } from './onProject.ts';
import { tell } from './tell.ts';

/** `@clerk/nextjs` of `@clerk/nextjs/experimental`. Null: not a package of Clerk's, so what is behind it is not known. */
const clerkPackage = (module: string | undefined): string | null => /^@clerk\/[^/]+/.exec(module ?? '')?.[0] ?? null;

/** Convex's provider, as it is written: inside of Clerk's, and with the `useAuth` of the same package. */
export const checkProviders = onProject(({ source }) => source.providers.flatMap(judge));

function judge({ name, at, useAuthFrom, clerkProviderFrom, isOutsideClerk }: ProviderUse) {
  const seen = clerkPackage(useAuthFrom);
  const expected = clerkPackage(clerkProviderFrom);
  return [
    ...(isOutsideClerk ? [tell('PROVIDER_ORDER_WRONG', { outer: name, inner: 'ClerkProvider' }, at)] : []),
    ...(seen && expected && seen !== expected ? [tell('USE_AUTH_OF_ANOTHER_PACKAGE', { seen, expected }, at)] : []),
  ];
}
