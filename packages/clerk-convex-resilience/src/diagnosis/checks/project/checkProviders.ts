import type { ProviderUse } from '../../evidence.ts';
import { onProject } from './onProject.ts';
import { packageOf } from './packageUse.ts';
import { tell } from './tell.ts';

/** `@clerk/nextjs` of `@clerk/nextjs/experimental`. Null: not a package of Clerk's, so what is behind it is not known. */
const clerkPackage = (module: string | undefined): string | null => /^@clerk\/[^/]+/.exec(module ?? '')?.[0] ?? null;

/** Convex's provider, as it is written: inside of Clerk's, and with the `useAuth` of the same package. */
export const checkProviders = onProject(({ source }) => source.providers.flatMap(judge));

/** Convex's provider without sign-in, in an app with Clerk. It may be meant so where no auth.config says otherwise. */
export const checkPlainProvider = onProject((project) => {
  const { withoutAuth } = project.source;
  if (withoutAuth === undefined) return [];
  const usesLibrary = packageOf(project, 'clerk-convex-resilience')?.wanted !== undefined;
  const { status } = project.authConfig ?? { status: 'missing' };
  return [
    tell(
      'CONVEX_PROVIDER_WITHOUT_AUTH',
      { seen: 'ConvexProvider', expected: usesLibrary ? 'ConvexClerkProvider' : 'ConvexProviderWithClerk' },
      withoutAuth,
      status === 'missing' ? 'warning' : undefined,
    ),
  ];
});

function judge({ name, at, useAuthFrom, clerkProviderFrom, isOutsideClerk, isWithoutClerk }: ProviderUse) {
  const seen = clerkPackage(useAuthFrom);
  const expected = clerkPackage(clerkProviderFrom);
  return [
    ...(isWithoutClerk ? [tell('CLERK_PROVIDER_MISSING', { name }, at)] : []),
    ...(isOutsideClerk ? [tell('PROVIDER_ORDER_WRONG', { outer: name, inner: 'ClerkProvider' }, at)] : []),
    ...(seen && expected && seen !== expected ? [tell('USE_AUTH_OF_ANOTHER_PACKAGE', { seen, expected }, at)] : []),
  ];
}
