import { Hono } from 'hono';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import { environmentJson } from '../json/environmentJson.ts';
import { newId } from '../newId.ts';

/** What concerns the instance and no browser in particular. */
export function instanceRoutes(context: ClerkContext): Hono<ClerkEnv> {
  const { settings, issuer, tokens } = context;
  const environment = () =>
    environmentJson({
      multiSession: settings.multiSession,
      organizations: settings.organizations.length > 0,
      forceOrganizationSelection: settings.forceOrganizationSelection,
    });
  return (
    new Hono<ClerkEnv>()
      .get('/v1/environment', (c) => c.json(environment()))
      // Development instances are "touched": PATCH (Environment.ts, 5.128 and 6.40).
      .patch('/v1/environment', (c) => c.json(environment()))
      .post('/v1/dev_browser', (c) => c.json({ object: 'dev_browser', id: newId('dvb_') }))
      .get('/v1/proxy-health', (c) => c.json({ status: 'healthy' }))
      .get('/.well-known/jwks.json', (c) => c.json(tokens.jwks))
      .get('/.well-known/openid-configuration', (c) =>
        c.json({
          issuer: issuer(),
          jwks_uri: `${context.url}/.well-known/jwks.json`,
          authorization_endpoint: `${context.url}/oauth/authorize`,
          token_endpoint: `${context.url}/oauth/token`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat'],
        }),
      )
  );
}
