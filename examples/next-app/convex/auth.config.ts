import type { AuthConfig } from 'convex/server';

export default {
  providers: [
    {
      // The Frontend API URL of your Clerk instance. Set it with `npx convex env set CLERK_JWT_ISSUER_DOMAIN https://…`.
      // biome-ignore lint/style/noNonNullAssertion: Convex refuses the push and names the variable when it is not set.
      domain: process.env.CLERK_JWT_ISSUER_DOMAIN!,
      // What Clerk's `convex` JWT template, or its Convex integration, puts into `aud`.
      applicationID: 'convex',
    },
  ],
} satisfies AuthConfig;
