import { edit, type Mutation } from '../Draft.ts';
import * as instance from '../projects/instance.ts';

const says = (...lines: string[]): Mutation['make'] => {
  return (draft) => void draft.log.push(...lines);
};
const tokens = `https://${instance.host}/v1/client/sessions/sess_2abc/tokens/convex?__clerk_api_version=2026-05-12`;

const delivery = (code: string): string => `[clerk-convex-resilience] webhook ${code} { code: '${code}', ms: 3 }`;

/** What a log or a page has told. */
export const reportMutations: readonly Mutation[] = [
  {
    name: 'a log of token requests that failed for a while',
    codes: ['TOKEN_REQUESTS_FAILED'],
    parts: ['log'],
    make: says(`POST ${tokens} net::ERR_NETWORK_CHANGED`, `POST ${tokens} net::ERR_NAME_NOT_RESOLVED`),
  },
  {
    name: 'a log of a function that ran as nobody',
    codes: ['FUNCTION_RAN_WITHOUT_IDENTITY'],
    // A symptom: it is said only where no cause is known.
    parts: [
      'log',
      'template',
      'token',
      'auth config',
      'issuer',
      'identity provider',
      'provider',
      'react package',
      'convex package',
    ],
    make: says('[CONVEX M(users:store)] [LOG] users:store called { hasIdentity: false }'),
  },
  {
    name: 'a log of a deployment without providers',
    codes: ['AUTH_CONFIG_NOT_DEPLOYED'],
    parts: ['log', 'auth config', 'issuer'],
    make: says(
      'Failed to authenticate: "No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.", check your server auth config',
    ),
  },
  {
    name: "a log of webhook deliveries that another endpoint's secret has signed",
    codes: ['WEBHOOK_SIGNATURE_REFUSED'],
    parts: ['log', 'webhook secret'],
    make: says(...Array.from({ length: 3 }, () => delivery('bad_signature'))),
  },
  {
    name: 'a log of a webhook whose body something has read before',
    codes: ['WEBHOOK_ENDPOINT_FAILING'],
    parts: ['log', 'webhook secret', 'webhook answer', 'secret key', 'publishable key', 'frontend api'],
    make: says(delivery('body_consumed')),
  },
  {
    name: 'a log of a server action that asked for the template in vain',
    codes: ['JWT_TEMPLATE_MISSING'],
    parts: ['log', 'template', 'backend api'],
    make: says(
      '[clerk-convex-resilience] action failed: misconfigured 404 resource_not_found (MISCONFIGURED 20261126T1844Z)',
    ),
  },
  {
    name: 'a page whose origin Clerk refuses',
    codes: ['ORIGIN_NOT_ALLOWED'],
    parts: ['page'],
    make: (draft) => {
      draft.runtime = {
        origin: 'https://preview-7.example.com',
        publishableKey: instance.publishableKey,
        tokenRequest: { status: 400, code: 'origin_invalid', template: true },
      };
    },
  },
  {
    name: "a page whose policy blocks Clerk's script",
    codes: ['CLERK_JS_BLOCKED'],
    parts: ['page'],
    make: (draft) => {
      draft.runtime = { scriptBlocked: { host: instance.host, csp: true } };
    },
  },
  {
    name: 'a browser that keeps no cookies of third parties',
    codes: ['THIRD_PARTY_COOKIES_BLOCKED'],
    parts: ['log'],
    make: says(
      'Cookie “__client” has been rejected because it is in a cross-site context and its “SameSite” is “Lax” or “Strict”.',
    ),
  },
  {
    name: "a browser with another instance's cookies",
    codes: ['STALE_CLERK_COOKIES'],
    parts: ['page', 'publishable key'],
    make: (draft) => {
      draft.runtime = { publishableKey: instance.publishableKey, cookieIssuer: instance.otherHost };
    },
  },
];

/** What is unusual and right: the doctor says nothing of it. */
export const harmless: readonly Mutation[] = [
  {
    name: 'a forged delivery among good ones, and server actions that met an outage',
    codes: [],
    parts: ['log'],
    make: says(
      delivery('user.created handled'),
      delivery('bad_signature'),
      delivery('user.updated duplicate'),
      '[clerk-convex-resilience] action failed: network ECONNRESET (NETWORK 20261126T1844Z)',
      '[clerk-convex-resilience] action failed: server 503 (SERVER 20261126T1844Z)',
    ),
  },
  {
    name: 'placeholders in an example file that git tracks',
    codes: [],
    parts: ['git'],
    make: (draft) =>
      void draft.files.set(
        `${draft.project.app}.env.example`,
        `${draft.project.names.publishableKey}=pk_test_...
CLERK_SECRET_KEY=sk_test_...
CLERK_WEBHOOK_SECRET=whsec_...
`,
      ),
  },
  {
    name: 'the issuer written out',
    codes: [],
    parts: ['auth config', 'issuer', 'publishable key'],
    make: (draft) => {
      draft.files.set(
        `${draft.project.convex}auth.config.ts`,
        `export default { providers: [{ domain: "${instance.issuer}", applicationID: "convex" }] };\n`,
      );
      delete draft.deploymentEnv[draft.project.names.issuer];
    },
  },
  {
    // Convex puts `https://` before it (convex-backend, crates/common/src/auth.rs).
    name: 'the issuer without its scheme',
    codes: [],
    parts: ['auth config', 'issuer', 'publishable key'],
    make: (draft) => {
      draft.deploymentEnv[draft.project.names.issuer] = instance.host;
    },
  },
  {
    name: 'a second identity provider beside Clerk',
    codes: [],
    parts: ['auth config'],
    make: (draft) =>
      edit(
        draft,
        `${draft.project.convex}auth.config.ts`,
        'providers: [',
        'providers: [\n    { domain: "https://acme.eu.auth0.com", applicationID: "x7f3" },\n',
      ),
  },
  {
    name: 'Windows line ends and a byte-order mark in the env file',
    codes: [],
    parts: ['env file'],
    make: (draft) => {
      const text = draft.files.get(draft.project.envFile) ?? '';
      draft.files.set(draft.project.envFile, `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    },
  },
  {
    name: 'no network at all was asked',
    codes: [],
    parts: [
      'frontend api',
      'identity provider',
      'convex answer',
      'webhook answer',
      'backend api',
      'incidents',
      'clock',
      'template',
    ],
    make: (draft) => {
      draft.network = {};
    },
  },
  {
    name: 'no node_modules yet',
    codes: [],
    parts: ['react package', 'convex package', 'clerk package', 'next package'],
    make: (draft) => {
      for (const file of draft.files.keys()) if (file.includes('node_modules/')) draft.files.delete(file);
    },
  },
  {
    name: 'no lockfile',
    codes: [],
    parts: ['react package', 'convex package', 'clerk package', 'next package'],
    make: (draft) => {
      for (const lock of ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock']) draft.files.delete(lock);
    },
  },
];
