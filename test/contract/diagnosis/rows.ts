import type { ClerkEmulator, ClerkRuntimeOptions, Fault, FaultAction } from 'clerk-convex-emulators';
import type { FindingCode } from 'clerk-convex-resilience';
import type { Rig, RigOptions } from '../sessions/Rig.ts';
import { rightEnv } from './diagnosed.ts';

/** Something that is set up wrongly, and what the page says of it. */
export interface Row {
  readonly name: string;
  readonly code: FindingCode;
  /** What else is found with it. @defaultValue nothing */
  readonly beside?: readonly FindingCode[];
  /** What the health says while it is so. */
  readonly health: string;
  readonly rig?: Partial<RigOptions>;
  /** Which requests for a token are ours, where clerk-js asks for its own besides. @defaultValue all of them */
  readonly counted?: RegExp;
  /** Convex says nothing, for ten seconds: there is no refusal before it is named. */
  readonly isSilent?: true;
  /** What clerk-js itself leaves uncaught. */
  readonly thrown?: RegExp;
  /** The page's Content-Security-Policy. @defaultValue none */
  readonly policy?: (rig: Rig) => string;
  /** What its line says besides, where one code has more than one. */
  readonly says?: string;
  /** Breaks it, before a page is there. Answers how to mend it; nothing where that takes another page. */
  readonly play: (rig: Rig) => Promise<(() => unknown) | undefined> | (() => unknown) | undefined;
}

/** Something in Clerk's dashboard. */
const clerkIs = (wrong: ClerkRuntimeOptions, right: ClerkRuntimeOptions) => (rig: Rig) => {
  rig.clerk.configure(wrong);
  return () => rig.clerk.configure(right);
};
/** Something of auth.config, pushed; mended in the same way. */
export const authConfigIs = (env: Readonly<Record<string, string>>) => async (rig: Rig) => {
  const right = { CLERK_JWT_ISSUER_DOMAIN: rig.clerk.issuer, ...rightEnv };
  await rig.convex.push({ env: { ...right, ...env } });
  return () => rig.convex.push({ env: right });
};
const clerkFails = (fault: () => Fault) => (rig: Rig) => {
  const added = rig.clerk.faults.add(fault());
  return () => added.remove();
};
const refusedOrigin: FaultAction = {
  type: 'status',
  status: 400,
  json: { errors: [{ code: 'origin_invalid', message: 'Invalid HTTP Origin header', long_message: 'Not this one.' }] },
};
/** A token with a claim that Convex needs left out, and so with a signature that is not its own. */
function withoutSubject(token: string): string {
  const [header, body = '', signature] = token.split('.');
  const { sub: _, ...claims } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}
const template = (name: string, aud = 'convex'): ClerkRuntimeOptions => ({
  jwtTemplates: { [name]: { claims: { aud } } },
});

/** Gives the browser the cookies of somebody who was signed in to another instance on this host: `__client` and all others. */
export async function takeCookiesOf(other: ClerkEmulator, rig: Rig): Promise<void> {
  const { sessionId, cookies } = other.signInBrowser(undefined, { appHost: new URL(rig.url).hostname });
  const value = await other.mintToken(sessionId);
  await rig.context.addCookies([...cookies, { name: '__session', value, url: rig.url }]);
}

/** `other`: another instance; it publishes keys that nothing here is signed with. */
export const rowsBeside = (other: () => ClerkEmulator): readonly Row[] => [
  {
    name: 'no JWT template',
    code: 'JWT_TEMPLATE_MISSING',
    health: 'blocked misconfigured',
    play: clerkIs({ jwtTemplates: {} }, template('convex')),
  },
  {
    name: 'a JWT template of nearly that name',
    code: 'JWT_TEMPLATE_MISSING',
    health: 'blocked misconfigured',
    play: clerkIs(template('Convex'), template('convex')),
  },
  {
    name: 'a JWT template whose name ends in a space',
    code: 'JWT_TEMPLATE_MISSING',
    health: 'blocked misconfigured',
    play: clerkIs(template('convex '), template('convex')),
  },
  {
    name: 'a JWT template with another aud',
    code: 'TOKEN_AUDIENCE_WRONG',
    health: 'blocked misconfigured',
    play: clerkIs(template('convex', 'my-app'), template('convex')),
  },
  {
    name: 'an auth.config of another issuer',
    code: 'TOKEN_ISSUER_WRONG',
    health: 'blocked misconfigured',
    play: authConfigIs({ CLERK_JWT_ISSUER_DOMAIN: 'https://clerk.other.example.com' }),
  },
  {
    name: 'the same, where the page’s policy lets it reach Convex’s socket alone',
    code: 'TOKEN_ISSUER_WRONG',
    health: 'blocked misconfigured',
    policy: ({ clerk, convex }) => `connect-src 'self' ${clerk.url} ${convex.url.replace('http', 'ws')}`,
    play: authConfigIs({ CLERK_JWT_ISSUER_DOMAIN: 'https://clerk.other.example.com' }),
  },
  {
    name: 'the same in production, where the deployment does not say more',
    code: 'AUTH_CONFIG_WITHOUT_ISSUER',
    health: 'blocked misconfigured',
    rig: { convexOptions: { env: rightEnv, redactErrors: true } },
    play: authConfigIs({ CLERK_JWT_ISSUER_DOMAIN: 'https://clerk.other.example.com' }),
  },
  {
    name: 'no providers in auth.config',
    code: 'AUTH_CONFIG_NOT_DEPLOYED',
    health: 'blocked misconfigured',
    play: authConfigIs({ PROVIDERS: 'none' }),
  },
  {
    name: 'another applicationID',
    code: 'APPLICATION_ID_WRONG',
    health: 'blocked misconfigured',
    play: authConfigIs({ APPLICATION_ID: 'my-app' }),
  },
  {
    name: 'an origin that Clerk gives no tokens',
    code: 'ORIGIN_NOT_ALLOWED',
    health: 'blocked misconfigured',
    play: clerkFails(() => ({ match: '/tokens', action: refusedOrigin })),
  },
  {
    name: 'an origin that Clerk does not even load for',
    code: 'ORIGIN_NOT_ALLOWED',
    health: 'starting misconfigured',
    // clerk-js does not ask again by itself.
    play: (rig) => {
      rig.clerk.faults.add({ match: ' /v1/', action: refusedOrigin });
      return undefined;
    },
    thrown: /Invalid HTTP Origin header/,
  },
  {
    name: 'keys that the token was not signed with',
    code: 'TOKEN_SIGNATURE_MISMATCH',
    health: 'recovering clock_skew',
    play: clerkFails(() => ({
      match: '/.well-known/jwks.json',
      action: { type: 'status', status: 200, json: { keys: other().jwks.keys } },
    })),
  },
  {
    name: 'an identity provider that Convex cannot reach',
    code: 'IDENTITY_PROVIDER_UNREACHABLE',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: 'close' })),
  },
  {
    name: 'an identity provider that refuses Convex',
    code: 'IDENTITY_PROVIDER_WRONG',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: { type: 'status', status: 403 } })),
  },
  // Of these Convex says nothing: it closes the socket, and the client opens the next, for ever.
  {
    name: 'an identity provider that Convex does not find',
    code: 'IDENTITY_PROVIDER_WRONG',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: { type: 'status', status: 404 } })),
  },
  {
    name: 'an identity provider that fails Convex',
    code: 'IDENTITY_PROVIDER_UNREACHABLE',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: { type: 'status', status: 503 } })),
  },
  {
    name: 'an identity provider that does not answer Convex',
    isSilent: true,
    code: 'IDENTITY_PROVIDER_UNREACHABLE',
    health: 'recovering server',
    play: clerkFails(() => ({ match: '/.well-known/', action: 'hang' })),
  },
  {
    name: 'an auth.config with http',
    code: 'ISSUER_NOT_HTTPS',
    health: 'blocked misconfigured',
    // The emulator has no TLS: its tokens say that it has, until both say the same again.
    play(rig) {
      const { issuer } = rig.clerk;
      rig.clerk.configure({ issuer: issuer.replace('http:', 'https:') });
      return () => rig.clerk.configure({ issuer });
    },
  },
  {
    name: 'a token without a subject',
    code: 'TOKEN_MALFORMED',
    health: 'recovering clock_skew',
    async play({ context }) {
      const tokens = /\/tokens\/convex/;
      await context.route(tokens, async (route) => {
        const response = await route.fetch();
        const { jwt, ...more } = (await response.json()) as { readonly jwt: string };
        await route.fulfill({ response, json: { ...more, jwt: withoutSubject(jwt) } });
      });
      // One that is being answered is answered.
      return () => context.unrouteAll({ behavior: 'wait' });
    },
  },
  {
    name: 'the cookies of another instance, beside what it does',
    code: 'ORIGIN_NOT_ALLOWED',
    beside: ['STALE_CLERK_COOKIES'],
    health: 'starting misconfigured',
    async play(rig) {
      await takeCookiesOf(other(), rig);
      rig.clerk.faults.add({ match: ' /v1/', action: refusedOrigin });
      return undefined;
    },
    thrown: /Invalid HTTP Origin header/,
  },
  {
    name: 'a clock that is two minutes off',
    code: 'CLOCK_SKEW',
    health: 'recovering clock_skew',
    // To clerk-js 6 each of its own session tokens has expired when it comes: it asks for the next (13 in 20 s, plain).
    counted: /\/tokens\/convex/,
    play: clerkIs({ clockSkewSeconds: -120 }, { clockSkewSeconds: 0 }),
  },
  {
    name: 'tokens that are over before Convex sees them',
    code: 'TOKEN_EXPIRED',
    health: 'recovering clock_skew',
    // As above.
    counted: /\/tokens\/convex/,
    rig: { clerkOptions: { tokenLifeSeconds: 18 } },
    play: clerkIs({ clockSkewSeconds: -20 }, { clockSkewSeconds: 0 }),
  },
  {
    name: 'a slash at the end of the issuer, in a deployment that compares it to the letter',
    code: 'ISSUER_TRAILING_SLASH',
    health: 'blocked misconfigured',
    play: ({ clerk, convex }) => {
      const provider = `OIDC(domain=${clerk.issuer}/, app_id=convex)`;
      const message = `No auth provider found matching the given token. Check that your JWT's issuer and audience match one of your configured providers: [${provider}]`;
      const faults = [
        convex.faults.add({ match: 'MESSAGE Authenticate', action: { type: 'reject_authenticate', message } }),
        convex.faults.add({
          match: '/api/query',
          action: { type: 'status', status: 401, json: { code: 'NoAuthProvider', message } },
        }),
      ];
      return () => {
        for (const fault of faults) fault.remove();
      };
    },
  },
  {
    name: 'a clerk-js of a major to come, beside what it is refused',
    code: 'JWT_TEMPLATE_MISSING',
    beside: ['VERSION_UNSUPPORTED'],
    health: 'blocked misconfigured',
    async play(rig) {
      await rig.context.route(/\/clerk\.browser\.js$/, async (route) => {
        const response = await route.fetch();
        const script = await response.text();
        const [, version = ''] = /\bversion:"([\d.]+)"/.exec(script) ?? [];
        await route.fulfill({ response, body: script.replaceAll(`"${version}"`, '"7.0.0"') });
      });
      return clerkIs({ jwtTemplates: {} }, template('convex'))(rig);
    },
  },
  {
    name: 'a script of Clerk’s that something blocks',
    code: 'CLERK_JS_BLOCKED',
    health: 'starting not_loaded',
    rig: { side: 'all-in-one' },
    says: 'Clerk’s script is blocked',
    play: clerkFails(() => ({ match: '/npm/', action: 'close' })),
  },
  {
    name: 'a script of Clerk’s that the page itself forbids',
    code: 'CLERK_JS_BLOCKED',
    health: 'starting not_loaded',
    rig: { side: 'all-in-one' },
    policy: () => "script-src 'self' 'unsafe-inline'",
    says: 'The page’s Content Security Policy blocks Clerk’s script',
    play: () => undefined,
  },
  {
    name: 'a token that lives shorter than it takes to renew it',
    code: 'TOKEN_LIFETIME_TOO_SHORT',
    health: 'healthy',
    rig: { clerkOptions: { tokenLifeSeconds: 8 } },
    play: () => undefined,
  },
];
