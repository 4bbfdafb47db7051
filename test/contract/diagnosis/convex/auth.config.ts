import type { AuthConfig } from 'convex/server';

const { CLERK_JWT_ISSUER_DOMAIN = '', APPLICATION_ID = '', PROVIDERS } = process.env;

// What is wrong with it, its environment says.
export default {
  providers: PROVIDERS === 'none' ? [] : [{ domain: CLERK_JWT_ISSUER_DOMAIN, applicationID: APPLICATION_ID }],
} satisfies AuthConfig;
