import type { FindingArgs, FindingCode } from '../findings.ts';

/** What the catalogue (`docs/findings/`) says of a code besides its prose. Markdown; English only, and in no bundle. */
export interface CatalogueEntry<Code extends FindingCode> {
  /** What the user sees, or the developer. */
  readonly symptom: string;
  /** The very lines in the console, the terminal or the log. */
  readonly lines?: readonly string[];
  readonly cause: string;
  /** How to see that it is mended. */
  readonly verify: string;
  readonly example: FindingArgs[Code];
  /** Another kind of it, which is mended otherwise. */
  readonly other?: OtherKind<Code> | readonly OtherKind<Code>[];
}

interface OtherKind<Code extends FindingCode> {
  readonly when: string;
  readonly example: FindingArgs[Code];
}

const issuer = 'https://happy-otter-12.clerk.accounts.dev';
const host = 'happy-otter-12.clerk.accounts.dev';
const otherIssuer = 'https://brave-lynx-34.clerk.accounts.dev';
const deployment = 'https://happy-animal-123.convex.cloud';
const webhookUrl = 'https://app.example.com/webhooks/clerk';

const reload =
  'Reload the page and sign in: `<Authenticated>` shows its children, and the finding is gone. `npx clerk-convex-doctor` does not list it any more.';
const doctor = 'Run `npx clerk-convex-doctor` again: it does not list this code any more.';
const rejected =
  'Clerk shows the user as signed in, and Convex does not: `<Authenticated>` stays empty, `useConvexAuth().isAuthenticated` is false, queries run as nobody.';
const noProvider =
  'Failed to authenticate: "No auth provider found matching the given token", check your server auth config';
const push =
  '`npx convex dev` ends without an error, and `npx convex env get CLERK_JWT_ISSUER_DOMAIN` prints the issuer. Then reload the page: `<Authenticated>` shows its children.';
const oneCopy = (name: string, others = ''): string =>
  `${doctor} With Vite’s \`dedupe\` both copies stay in \`node_modules\`, and the page gets one; otherwise \`npm ls ${name}\` lists one version${others}.`;
const mayBeOnHost = 'Where no file says a word about Clerk or Convex, the host may have it all: then it is a warning.';
const inNoFile = `The variable is in no env file that this build reads, or not in the environment of the host where it is built. ${mayBeOnHost}`;
const testEvent =
  'Send a test event from the endpoint’s Testing tab in Clerk dashboard → Configure → Webhooks: the attempt is listed as succeeded. `npx clerk-convex-doctor --url https://app.example.com` asks the endpoint too.';

export const catalogue: { readonly [Code in FindingCode]: CatalogueEntry<Code> } = {
  JWT_TEMPLATE_MISSING: {
    symptom:
      'The user signs in, and the app behaves as if nobody had. The `users` table stays empty. In the network panel, requests to `/tokens/convex` are answered 404 `resource_not_found`. Convex itself says nothing: it was never given a token.',
    lines: ['users:store called { hasIdentity: false }', 'Uncaught Error: Not authenticated'],
    cause:
      'Convex’s provider asks Clerk for a token of the JWT template `convex`, unless session tokens carry `aud: "convex"` (the Convex integration does that). This instance of Clerk has neither.',
    verify:
      'The request to `/tokens` or `/tokens/convex` in the network panel is answered 200, and `<Authenticated>` shows its children. The app notices by itself within a minute.',
    example: { frontendApi: host },
  },
  JWT_TEMPLATE_MISNAMED: {
    symptom:
      'As without a template: the user signs in, and every Convex function runs as nobody. Requests to `/tokens/convex` are answered 404, though the dashboard shows a template.',
    lines: ['users:store called { hasIdentity: false }', 'Uncaught Error: Not authenticated'],
    cause:
      'Clerk looks a template up by its exact name. `Convex`, `convex ` with a space and `convex-dev` are other names.',
    verify: 'Requests to `/tokens/convex` in the network panel are answered 200.',
    example: { seen: '"Convex"' },
  },
  JWT_TEMPLATE_WRONG_IN_CODE: {
    symptom:
      'One page or one action runs as nobody, though the user is signed in and the rest of the app works; or the server answers 500. The token request that it makes is answered 404.',
    lines: ['Uncaught Error: Not authenticated'],
    cause:
      'The code asks Clerk for a token by a template’s name (`getToken({ template })`), and no template is called so. Convex’s own provider always asks for `convex`.',
    verify:
      'The page or the action gets the user’s data. `npx clerk-convex-doctor` with `CLERK_SECRET_KEY` compares the name with the templates that are there.',
    example: { seen: '"Convex"', expected: '"convex"' },
  },
  TOKEN_AUDIENCE_WRONG: {
    symptom: rejected,
    lines: [noProvider],
    cause:
      'Convex takes a token only if its `aud` is the `applicationID` of a provider in `auth.config.ts`. The claim was changed or removed in the template, or a token of another template is sent. It takes one audience: of a list that has others besides, none.',
    verify: 'Pipe a new token into `npx clerk-convex-doctor token`: `aud` has a good verdict. Then reload the page.',
    example: { seen: 'my-app', expected: 'convex' },
  },
  TOKEN_ISSUER_WRONG: {
    symptom: `${rejected} Often right after the move from development to production, or in a preview deployment.`,
    lines: [
      `Failed to authenticate: "No auth provider found matching the given token. Check that your JWT's issuer and audience match one of your configured providers: [OIDC(domain=${issuer}, app_id=convex)]", check your server auth config`,
    ],
    cause:
      'The publishable key in the app and the issuer in `auth.config.ts` belong to two instances of Clerk. Each instance signs its own tokens, and Convex trusts only the one that it was told of.',
    verify: reload,
    example: { seen: otherIssuer, expected: issuer },
  },
  TOKEN_LIFETIME_TOO_SHORT: {
    symptom:
      'The network panel shows a token request after every answer, hundreds in a minute, or users fall out of their session now and then.',
    cause:
      'Convex’s client renews a token `authRefreshTokenLeewaySeconds` (10 by default) before it expires. If the token does not live longer than that, it is due for renewal as soon as it has arrived.',
    verify:
      'Leave the page open for two minutes: the network panel shows about one token request for each life of a token.',
    example: { seconds: 8, neededSeconds: 20 },
  },
  TOKEN_SIGNATURE_MISMATCH: {
    symptom: rejected,
    lines: [
      `Failed to authenticate: "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.", check your server auth config`,
    ],
    cause:
      'Convex gets the issuer’s public keys from its JWKS, and none of them has signed this token: the template has a signing key of its own, the token is older than the last rotation, or it comes from another instance under the same address (a proxy, a test double).',
    verify: `The \`kid\` in the header of a new token is among the keys at \`${issuer}/.well-known/jwks.json\`. \`npx clerk-convex-doctor token\` compares them.`,
    example: { issuer, kid: 'ins_2abc' },
  },
  TOKEN_MALFORMED: {
    symptom: rejected,
    lines: [
      'Failed to authenticate: "Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts separated by dots.", check your server auth config',
    ],
    cause:
      'Something between Clerk and Convex has changed the token: a wrapper of `useAuth` that returns an object, a `Bearer ` in front, a token that was cut when it was copied.',
    verify: '`npx clerk-convex-doctor token` lists the claims of the token.',
    example: { reason: 'it has 2 parts, not 3' },
    other: { when: 'If it is a JWT that lacks a claim', example: { reason: 'sub is missing' } },
  },
  TOKEN_EXPIRED: {
    symptom: 'A token that was copied to look into it, or that a server keeps for later, is refused.',
    lines: [`Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.`],
    cause: 'Clerk’s tokens live for a minute. They are made to be asked for at each use, not to be kept.',
    verify: 'A token that was just made is accepted.',
    example: { seconds: 340 },
  },
  CLOCK_SKEW: {
    symptom:
      'On one device, or in one container, sign-in does not hold: it asks for tokens again and again, or new tokens count as expired. Elsewhere everything works.',
    cause:
      'Clerk’s script decides by the device’s clock whether a token is still good. With a clock that is ahead, each token is old when it arrives.',
    verify: 'Compare the clock with `https://time.is`, and reload the page: one token request, not many.',
    example: { seconds: 124 },
  },

  AUTH_CONFIG_MISSING: {
    symptom: rejected,
    lines: [
      'Failed to authenticate: "No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.", check your server auth config',
    ],
    cause: 'Without `auth.config.ts` in the folder of the functions Convex trusts no issuer at all.',
    verify: push,
    example: { expected: 'convex/auth.config.ts' },
  },
  AUTH_CONFIG_NOT_DEPLOYED: {
    symptom: `${rejected} The file \`auth.config.ts\` is there and looks right.`,
    lines: [
      'Failed to authenticate: "No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.", check your server auth config',
    ],
    cause:
      'The file takes effect when it is pushed. `npx convex dev` was not running, its push failed, or it pushed to another deployment than the app uses.',
    verify: 'In Convex dashboard → Settings → Authentication the provider is listed. Then reload the page.',
    example: { deployment: 'happy-animal-123' },
  },
  AUTH_CONFIG_WITHOUT_ISSUER: {
    symptom: rejected,
    lines: [noProvider],
    cause:
      'The providers in `auth.config.ts` are of somebody else: a template’s example, another Clerk application, another service.',
    verify: 'In Convex dashboard → Settings → Authentication Clerk’s Frontend API URL is listed. Then reload the page.',
    example: { seen: 'https://example.us.auth0.com', expected: issuer },
  },
  AUTH_CONFIG_UNREADABLE: {
    symptom: 'The doctor cannot say whether issuer and `applicationID` are right. Sign-in may well work.',
    cause:
      'The doctor never runs code of a project: it evaluates literals, `process.env` and what follows from them. This file computes its providers in another way.',
    verify: doctor,
    example: { reason: 'providers is the result of a function call' },
    other: {
      when: 'If it has a syntax error, no default export, or no `providers`: then it is an error',
      example: { reason: 'no `providers` in line 1', isBroken: true },
    },
  },
  APPLICATION_ID_WRONG: {
    symptom: rejected,
    lines: [noProvider],
    cause:
      'Clerk’s integration and its template `convex` write `aud: "convex"` into tokens, and Convex compares that with `applicationID`, letter by letter.',
    verify: '`npx convex dev` ends without an error. Then reload the page: `<Authenticated>` shows its children.',
    example: { seen: 'Convex', expected: 'convex' },
  },

  ISSUER_ENV_MISSING: {
    symptom: '`npx convex dev` or `npx convex deploy` stops, and what was deployed before stays as it was.',
    lines: [
      'AuthConfigMissingEnvironmentVariable',
      'Environment variable CLERK_JWT_ISSUER_DOMAIN is used in auth config file but its value was not set.',
    ],
    cause:
      '`auth.config.ts` reads the issuer from a variable of the Convex deployment. Variables in `.env.local` are the app’s: the deployment has its own, and production other ones than development.',
    verify: push,
    example: { name: 'CLERK_JWT_ISSUER_DOMAIN', expected: issuer },
  },
  ISSUER_TRAILING_SLASH: {
    symptom:
      'Sign-in may work, and what else reads the variable does not: a JWKS address with two slashes, a check of `iss` on a server of yours, a `customJwt` provider.',
    cause:
      'The issuer in Clerk’s tokens has no slash at the end. Convex forgives one where it compares `domain`; what puts a path behind the variable, or compares it letter by letter, does not.',
    verify: push,
    example: { name: 'CLERK_JWT_ISSUER_DOMAIN', seen: `${issuer}/`, expected: issuer },
    other: {
      when: 'If it is written out in `auth.config.ts`',
      example: { name: 'domain', seen: `${issuer}/`, expected: issuer, isWrittenOut: true },
    },
  },
  ISSUER_NOT_HTTPS: {
    symptom: rejected,
    lines: [noProvider],
    cause: 'The issuer in Clerk’s tokens begins with `https://`, and it is compared as a whole.',
    verify: push,
    example: { name: 'CLERK_JWT_ISSUER_DOMAIN', seen: `http://${host}`, expected: issuer },
    other: {
      when: 'If it is written out in `auth.config.ts`',
      example: { name: 'domain', seen: `http://${host}`, expected: issuer, isWrittenOut: true },
    },
  },
  ISSUER_WITH_PATH: {
    symptom: rejected,
    lines: [noProvider],
    cause:
      'Clerk’s dialog shows the issuer and the JWKS endpoint one below the other, and this is the second. `iss` in Clerk’s tokens is the address without a path, and it is compared as a whole.',
    verify: push,
    example: { name: 'CLERK_JWT_ISSUER_DOMAIN', seen: `${issuer}/.well-known/jwks.json`, expected: issuer },
    other: {
      when: 'If it is written out in `auth.config.ts`',
      example: { name: 'domain', seen: `${issuer}/.well-known/jwks.json`, expected: issuer, isWrittenOut: true },
    },
  },
  ISSUER_OF_ANOTHER_INSTANCE: {
    symptom: `${rejected} Often right after the move from development to production.`,
    lines: [noProvider],
    cause:
      'The publishable key was changed, and the issuer in Convex was not, or the other way round. Development and production of one Clerk application are two instances.',
    verify: push,
    example: { name: 'CLERK_JWT_ISSUER_DOMAIN', seen: otherIssuer, expected: issuer },
  },
  IDENTITY_PROVIDER_UNREACHABLE: {
    symptom:
      'For seconds or minutes Convex refuses every new token, or closes the socket that one is sent over. Users who are signed in see “Reconnecting…”.',
    lines: [
      `Auth provider discovery of ${issuer} failed`,
      'WebSocket closed with code 1013: AuthProviderDiscoveryFailed',
    ],
    cause:
      'To verify a token Convex gets the issuer’s keys over the network, and could not. It is an outage of Clerk, of Convex, or of the way between them.',
    verify: 'The notice disappears by itself, within a minute of the mend.',
    example: { domain: issuer },
  },
  IDENTITY_PROVIDER_WRONG: {
    symptom: `${rejected} It does not pass.`,
    lines: [`Auth provider discovery of ${issuer} failed`],
    cause:
      'At the address in `auth.config.ts` there is no identity provider: a typing error, an instance that was deleted, the app’s own domain in place of the Frontend API’s, or a custom domain whose DNS is not set up.',
    verify: `\`curl ${issuer}/.well-known/openid-configuration\` prints JSON whose \`issuer\` is that very address. Then reload the page.`,
    example: { domain: 'https://app.example.com' },
  },

  PUBLISHABLE_KEY_MISSING: {
    symptom: 'The page stays white, or every route answers 500.',
    lines: ['Missing publishableKey. You can get your key at https://dashboard.clerk.com/last-active?path=api-keys.'],
    cause: inNoFile,
    verify: 'The sign-in form appears.',
    example: { name: 'VITE_CLERK_PUBLISHABLE_KEY' },
    other: [
      { when: 'If it is only in no env file', example: { name: 'VITE_CLERK_PUBLISHABLE_KEY', mayBeOnHost: true } },
      {
        when: 'If the env file was saved as UTF-16, as PowerShell’s `>` does',
        example: { name: 'VITE_CLERK_PUBLISHABLE_KEY', utf16: '.env.local' },
      },
    ],
  },
  PUBLISHABLE_KEY_MALFORMED: {
    symptom: 'The page stays white, or every route answers 500.',
    lines: ['The publishableKey passed to Clerk is invalid.'],
    cause:
      'A publishable key is `pk_test_` or `pk_live_` and the base64 of the Frontend API’s host with a `$` at the end. This one was cut off, has quotes or spaces around it, or is a placeholder.',
    verify: 'The sign-in form appears.',
    example: { name: 'VITE_CLERK_PUBLISHABLE_KEY', seen: 'pk_test_… (19 characters)' },
  },
  PUBLISHABLE_KEY_NOT_EXPOSED: {
    symptom: 'The key is in `.env.local`, and the page says that it is missing.',
    lines: ['Missing publishableKey. You can get your key at https://dashboard.clerk.com/last-active?path=api-keys.'],
    cause:
      'Bundlers give the browser only variables with a prefix: `VITE_` in Vite and TanStack Start, `NEXT_PUBLIC_` in Next.js, `EXPO_PUBLIC_` in Expo.',
    verify: 'The sign-in form appears.',
    example: { seen: 'CLERK_PUBLISHABLE_KEY', expected: 'VITE_CLERK_PUBLISHABLE_KEY' },
  },
  TEST_KEY_IN_PRODUCTION: {
    symptom:
      'The production site has a “Development mode” badge at the sign-in form, at most 100 users can sign up, and sessions are lost in browsers that block third-party cookies.',
    lines: ['Clerk: Clerk has been loaded with development keys.'],
    cause: 'The build for production was made with the keys of the development instance.',
    verify: 'The badge is gone, and the console has no line about development keys.',
    example: { name: 'VITE_CLERK_PUBLISHABLE_KEY', where: '.env.production' },
  },
  SECRET_KEY_MISSING: {
    symptom: 'Every route that runs on the server answers 500.',
    lines: ['Missing secretKey. You can get your key at https://dashboard.clerk.com/last-active?path=api-keys.'],
    cause: `Clerk’s server side needs the secret key where it runs; a \`.env.local\` on your machine is not on the host. ${mayBeOnHost}`,
    verify: 'The routes answer again.',
    example: { name: 'CLERK_SECRET_KEY' },
    other: { when: 'If it is only in no env file', example: { name: 'CLERK_SECRET_KEY', mayBeOnHost: true } },
  },
  SECRET_KEY_MALFORMED: {
    symptom: 'The server takes every user for signed out, or answers 500.',
    cause:
      'A secret key is `sk_test_` or `sk_live_` and letters and digits. This one was cut off, has quotes or spaces around it, is a placeholder, or is another key.',
    verify: doctor,
    example: { name: 'CLERK_SECRET_KEY', seen: 'sk_test_… (12 characters)' },
  },
  SECRET_KEY_OF_ANOTHER_INSTANCE: {
    symptom:
      'The browser has a signed-in user and the server has none. Pages reload in a circle between the app and the sign-in form.',
    lines: [
      'Refreshing the session token resulted in an infinite redirect loop. This usually means that your Clerk instance keys do not match',
    ],
    cause: 'The two keys were copied from different instances, so the server cannot verify what the browser sends.',
    verify: 'Sign in, and reload a protected page: it is shown at once.',
    example: { name: 'CLERK_SECRET_KEY', seen: 'sk_live_…', expected: 'sk_test_…' },
  },
  SECRET_KEY_REFUSED: {
    symptom: 'Calls to Clerk’s Backend API fail with 401.',
    lines: ['The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.'],
    cause: 'The key looks right, and Clerk does not know it: it was deleted, rotated, or has a typing error.',
    verify: doctor,
    example: { name: 'CLERK_SECRET_KEY', seen: 'sk_test_… (50 characters)' },
  },
  SECRET_KEY_IN_PUBLIC_VARIABLE: {
    symptom: 'Nothing to see, and the worst of all: whoever opens the page’s scripts can read and change every user.',
    cause:
      'The bundler writes variables with this prefix into the browser’s files. Search engines and caches may have a copy.',
    verify:
      'Search the built files for `sk_live_` and `sk_test_`: nothing is found. The old key is not listed in Clerk’s dashboard.',
    example: { name: 'VITE_CLERK_SECRET_KEY', seen: 'sk_test_… (50 characters)' },
  },
  CLERK_SECRET_KEY_MISSING_IN_CONVEX: {
    symptom: 'A Convex action that calls Clerk fails, while the same key works in the app.',
    cause:
      'Convex functions run in the deployment, which has environment variables of its own and reads no `.env.local`.',
    verify: '`npx convex env list` shows the name, and the function runs.',
    example: { file: 'convex/users.ts:12' },
  },
  ENV_FILE_NOT_IGNORED: {
    symptom: 'Nothing yet. The next `git add .` publishes the secrets.',
    cause:
      'No line of a `.gitignore` matches the file, or git has tracked it since before one did. Tracked, it is an error: the secrets are in the history.',
    verify: '`git check-ignore .env.local` prints the name, and `git ls-files .env.local` prints nothing.',
    example: { file: '.env.local' },
    other: { when: 'If git tracks it', example: { file: '.env.production', isTracked: true } },
  },
  SECRET_IN_TRACKED_FILE: {
    symptom: 'Nothing to see. Everybody who can read the repository has the secret, and it stays in the history.',
    cause:
      'The secret was pasted into source code, an example file or a document: a secret key, a webhook’s signing secret, or a deploy key of Convex, with which all its data can be read and changed.',
    verify:
      'The dashboard that it is from (Clerk’s or Convex’s) does not list the old secret any more, and `npx clerk-convex-doctor` does not list this code.',
    example: { kind: 'secret_key', seen: 'sk_test_… (50 characters)' },
    other: [
      {
        when: 'If it is a webhook signing secret',
        example: { kind: 'webhook_secret', seen: 'whsec_… (38 characters)' },
      },
      {
        when: 'If it is a deploy key of Convex',
        example: { kind: 'deploy_key', seen: 'prod:happy-animal-123|… (80 characters)' },
      },
    ],
  },

  CONVEX_URL_MISSING: {
    symptom: 'The page stays white.',
    lines: [
      `Client created with undefined deployment address. If you used an environment variable, check that it's set.`,
    ],
    cause: inNoFile,
    verify: 'The page appears, and the network panel shows a WebSocket to `….convex.cloud`.',
    example: { name: 'VITE_CONVEX_URL' },
    other: { when: 'If it is only in no env file', example: { name: 'VITE_CONVEX_URL', mayBeOnHost: true } },
  },
  CONVEX_URL_MALFORMED: {
    symptom: 'The page stays white, or data never loads.',
    lines: [
      `Invalid deployment address: "https://happy-animal-123.convex.site" ends with .convex.site, which is used for HTTP Actions.`,
    ],
    cause: 'It is not an address, or it is the one of HTTP actions (`.convex.site`) in place of the deployment’s.',
    verify: 'The network panel shows a WebSocket to `….convex.cloud` with status 101.',
    example: { name: 'VITE_CONVEX_URL', seen: 'https://happy-animal-123.convex.site' },
  },
  CONVEX_URL_OF_ANOTHER_DEPLOYMENT: {
    symptom:
      'Changes to functions or to `auth.config.ts` have no effect in the app, or its data is not what the dashboard shows.',
    cause:
      '`npx convex dev` pushes to the deployment in `CONVEX_DEPLOYMENT`, and the app talks to another one. Often a copy of an older `.env` file.',
    verify: 'The WebSocket in the network panel goes to the deployment that the Convex dashboard shows.',
    example: { name: 'VITE_CONVEX_URL', seen: deployment, expected: 'https://quick-zebra-456.convex.cloud' },
  },
  CONVEX_UNREACHABLE: {
    symptom: 'Nothing loads, and the page says that the server is not answering.',
    lines: ['WebSocket connection failed'],
    cause:
      'The address does not exist (any more), or something on the way keeps HTTPS or WebSocket to it from passing.',
    verify: `\`curl ${deployment}/version\` answers.`,
    example: { url: deployment, reason: 'ENOTFOUND' },
  },
  USERS_TABLE_MISSING: {
    symptom:
      'The user signs in, and is not found in the database; or the push of the functions fails in the type check.',
    cause: 'Functions read or write `users`, and `convex/schema.ts` does not define the table.',
    verify:
      '`npx convex dev` ends without an error, and Convex dashboard → Data shows `users` with a row after a sign-in.',
    example: { file: 'convex/users.ts:8' },
  },
  FUNCTION_RAN_WITHOUT_IDENTITY: {
    symptom: 'The user is signed in, and a function says that nobody is. The `users` table stays empty.',
    lines: ['users:store called { hasIdentity: false }', 'Uncaught Error: Not authenticated'],
    cause:
      'The function ran before Convex had confirmed the user’s token, or after it had refused it. Clerk knows the user earlier than Convex does, and a refused token makes every call anonymous.',
    verify: 'The log shows `hasIdentity: true`, and the row is in `users`.',
    example: { seen: 'users:store called { hasIdentity: false }', times: 3 },
  },

  WEBHOOK_SECRET_MISSING: {
    symptom:
      'Users sign up, and the database does not hear of it. Clerk’s dashboard lists the deliveries as failed with 500.',
    cause:
      'Without the signing secret a delivery cannot be told from a forgery, so all are refused. Where it is just in no env file, it is a warning: the host may have it. It is an error where a line leaves it blank, and where Convex or the endpoint was asked and does not have it.',
    verify: testEvent,
    example: { name: 'CLERK_WEBHOOK_SIGNING_SECRET' },
    other: {
      when: 'If it is only in no env file',
      example: { name: 'CLERK_WEBHOOK_SIGNING_SECRET', mayBeOnHost: true },
    },
  },
  WEBHOOK_SECRET_MALFORMED: {
    symptom: 'Clerk’s dashboard lists every delivery as failed.',
    lines: ['Base64Coder: incorrect characters for decoding'],
    cause:
      'The signing secret is `whsec_` and base64. This one was cut off, has quotes or spaces, or is another value.',
    verify: testEvent,
    example: { name: 'CLERK_WEBHOOK_SIGNING_SECRET', seen: 'sk_test_… (50 characters)' },
  },
  WEBHOOK_ROUTE_MISSING: {
    symptom: 'Clerk’s dashboard lists the deliveries as failed with 404.',
    cause:
      'The handler is written, and no route leads to it; or there is a route, and the code with it is not deployed; or the endpoint in the dashboard has another path.',
    verify: testEvent,
    example: { expected: 'convex/http.ts' },
    other: { when: 'If the address answers 404', example: { expected: webhookUrl, status: 404 } },
  },
  WEBHOOK_METHOD_REFUSED: {
    symptom:
      'Clerk’s dashboard lists the deliveries as failed with 405. Opened in a browser the address may look fine: that is a GET.',
    cause: 'Clerk delivers with POST, and the route answers other methods only.',
    verify: testEvent,
    example: { url: webhookUrl },
  },
  WEBHOOK_ROUTE_PROTECTED: {
    symptom:
      'Clerk’s dashboard lists the deliveries as failed with 401, 403, 307 or 404, and the handler’s log is empty.',
    cause:
      'Clerk’s server comes without a session, and middleware or the host’s deployment protection sends it away. A delivery is known by its signature, which the handler checks.',
    verify: testEvent,
    example: { url: webhookUrl, status: 401 },
  },
  WEBHOOK_SIGNATURE_REFUSED: {
    symptom:
      'Users sign up, and the database does not hear of it. Clerk’s dashboard lists the deliveries as failed with 400. Only the log says why.',
    lines: ["[clerk-convex-resilience] webhook bad_signature { code: 'bad_signature', status: 400, ms: 3 }"],
    cause:
      'The deliveries were signed with another secret than the one that is set: that of another endpoint (development and production have one each, and so has each URL), or one from before it was rotated. More seldom, something between Clerk and the handler changes the body. A single line may be somebody’s forgery; that is what signatures are for.',
    verify: `${testEvent} The log says \`handled\` of it.`,
    example: { times: 12, accepted: 0 },
  },
  WEBHOOK_ENDPOINT_FAILING: {
    symptom:
      'The doctor sends a request without a signature, which is to be refused with 400, and gets something else: an error of the server, a redirect, or a friendly 200.',
    cause:
      'With 5xx the handler fails before it looks at the signature. With 2xx it does not look at it, and everybody who knows the address can make up events. With 3xx the address leads to another, often from the bare domain to `www`, and deliveries stop there: they follow no redirect.',
    verify: `\`curl -i -X POST ${webhookUrl}\` answers 400. A test event from Clerk’s dashboard is answered 200.`,
    example: { url: webhookUrl, status: 500 },
    other: [
      { when: 'If it answers 2xx', example: { url: webhookUrl, status: 200 } },
      {
        when: 'If it answers 3xx',
        example: { url: webhookUrl, status: 308, location: 'https://www.app.example.com/webhooks/clerk' },
      },
    ],
  },
  WEBHOOK_UNREACHABLE: {
    symptom: 'Clerk’s dashboard lists the deliveries as failed without a status.',
    cause: 'The host does not resolve, does not answer, or is an address that only your own machine knows.',
    verify: testEvent,
    example: { url: webhookUrl, reason: 'ECONNREFUSED' },
  },

  MIDDLEWARE_MISSING: {
    symptom: 'Server components and API routes that call `auth()` answer 500.',
    lines: [`Clerk: auth() was called but Clerk can't detect usage of clerkMiddleware().`],
    cause:
      'Next.js reads `proxy.ts` (`middleware.ts` before version 16) beside `app/`, in `src/` if there is one. TanStack Start reads `src/start.ts`. The file is missing, or in another folder, or its `config.matcher` leaves out a page that calls `auth()`, which is a warning. Where nothing calls `auth()` yet, it is a warning.',
    verify: 'A page that calls `auth()` is shown.',
    example: { expected: 'proxy.ts' },
    other: [
      {
        when: 'If it is there under another name, or in another folder',
        example: { expected: 'src/proxy.ts', found: 'proxy.ts' },
      },
      { when: 'If it does not run for a page', example: { expected: 'proxy.ts', path: '/settings' } },
    ],
  },
  MIDDLEWARE_AND_PROXY: {
    symptom: 'The build stops, and so does the dev server.',
    lines: ['Both "middleware" and "proxy" files are detected. Please use "proxy" instead.'],
    cause: 'Next.js 16 has renamed the file; an upgrade or a template has left both.',
    verify: '`next build` ends without an error.',
    example: { files: 'middleware.ts, proxy.ts' },
  },
  MIDDLEWARE_WITHOUT_CLERK: {
    symptom: 'Server components and API routes that call `auth()` answer 500.',
    lines: [`Clerk: auth() was called but Clerk can't detect usage of clerkMiddleware().`],
    cause: 'There is middleware, for languages or redirects for example, and it does not call Clerk’s.',
    verify: 'A page that calls `auth()` is shown.',
    example: { file: 'proxy.ts' },
  },

  FRONTEND_API_NOT_RESOLVED: {
    symptom: 'The sign-in form does not appear, or token requests fail, for everybody or on one network only.',
    lines: ['net::ERR_NAME_NOT_RESOLVED'],
    cause:
      'The host that is written in the publishable key has no DNS record, or the resolver of this network hides it: an ad blocker, a VPN, a family filter.',
    verify: '`nslookup clerk.example.com` prints an address.',
    example: { host: 'clerk.example.com' },
  },
  FRONTEND_API_UNREACHABLE: {
    symptom: 'The sign-in form does not appear. Users who are signed in see “Reconnecting…”, and stay signed in.',
    lines: ['net::ERR_CONNECTION_CLOSED', 'net::ERR_TIMED_OUT', 'net::ERR_NETWORK_CHANGED'],
    cause: 'The host resolves, and no answer comes: a firewall, a VPN, a proxy, or an outage.',
    verify: `\`curl https://${host}/v1/environment\` answers. The app goes on by itself.`,
    example: { host, reason: 'ETIMEDOUT' },
  },
  FRONTEND_API_TLS_FAULT: {
    symptom: 'The sign-in form does not appear, and the browser names a certificate.',
    lines: ['net::ERR_CERT_COMMON_NAME_INVALID', 'net::ERR_CERT_DATE_INVALID'],
    cause:
      'The certificate of the custom domain is not issued yet, the DNS record is proxied, a company’s proxy signs with its own root, or the device’s clock is wrong.',
    verify: '`curl https://clerk.example.com/v1/environment` answers without a word about certificates.',
    example: { host: 'clerk.example.com', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  },
  CAPTIVE_PORTAL: {
    symptom:
      'In a hotel, a train or a company network the app does not sign in, and other pages show a log-in of the network. Or nobody can sign in, anywhere, since the domain was set up.',
    lines: [`SyntaxError: Unexpected token '<'`],
    cause:
      'The network answers every request itself, with an HTML page or a redirect, until somebody logs in to it. The same is seen where the DNS record of a production instance leads to another server than Clerk’s.',
    verify: `\`https://${host}/v1/environment\`, opened in the browser, shows JSON.`,
    example: { host, seen: 'text/html' },
  },
  FRONTEND_API_FAILING: {
    symptom:
      'Users see “Reconnecting…”, and stay signed in. New sign-ins may fail. Or the sign-in form never appears, and nobody can sign in.',
    lines: [
      'Failed to load resource: the server responded with a status of 500 ()',
      'We were unable to attribute this request to an instance running on Clerk. Make sure that your Clerk Publishable Key is correct.',
    ],
    cause:
      'Clerk is there, and fails to answer: an incident. Or it is a proxy of yours (`proxyUrl`) that answers, and not Clerk behind it: that does not pass, and is an error. Or a firewall in front of it takes the question for a robot’s. Or Clerk has no instance there (`host_invalid`), which is an error too: the key has a typing error, or its application was deleted.',
    verify: 'The notice disappears by itself, within a minute of the mend.',
    example: { host, status: 500 },
    other: [
      { when: 'If it is a proxy of yours', example: { host: 'app.example.com', status: 404, isProxy: true } },
      {
        when: 'If Clerk knows no instance there',
        example: { host: 'brave-lynx-34.clerk.accounts.dev', status: 400, isUnknown: true },
      },
      { when: 'If it is a firewall', example: { host: 'clerk.example.com', status: 403, isFirewall: true } },
    ],
  },
  ORIGIN_NOT_ALLOWED: {
    symptom: 'The sign-in form does not appear on `localhost`, on a preview URL or on a new domain.',
    lines: [
      'Clerk: Production Keys are only allowed for domain "example.com".',
      'The Request HTTP Origin header must be equal to or a subdomain of the requesting URL.',
    ],
    cause: 'A production instance answers only its own domain and the subdomains of it.',
    verify: 'The sign-in form appears.',
    example: { origin: 'http://localhost:5173' },
  },
  CLERK_JS_BLOCKED: {
    symptom: 'The sign-in form does not appear, for some users only, or since a security header was added.',
    lines: [
      `Refused to load the script 'https://${host}/npm/@clerk/clerk-js' because it violates the following Content Security Policy directive: "script-src 'self'".`,
      'failed_to_load_clerk_js',
    ],
    cause:
      'Clerk’s script comes from the Frontend API’s host. The page’s own policy does not allow that host, or an ad blocker, a privacy extension or a firewall does not.',
    verify: 'The script is answered 200 in the network panel, and the sign-in form appears.',
    example: { host, reason: 'csp' },
    other: { when: 'If no policy of the page forbids it', example: { host, reason: 'network' } },
  },
  THIRD_PARTY_COOKIES_BLOCKED: {
    symptom: 'The user signs in, and is signed out after a reload, in this browser and with a development key only.',
    lines: [
      'Cookie “__client” has been rejected because it is in a cross-site context and its “SameSite” is “Lax” or “Strict”.',
    ],
    cause:
      'The Frontend API of a development instance is on another site (`accounts.dev`) than the app, so what it remembers in a cookie is a third-party cookie. Browsers block those, or drop them early. Clerk’s development instances of today do without that cookie. The app itself cannot tell: a script does not see that cookie. The doctor can, from Firefox’s console (`--log`); Chromium says it in its Issues tab.',
    verify: 'Sign in, and reload: still signed in.',
    example: { host },
  },
  CLERK_INCIDENT: {
    symptom: 'Sign-in is slow or fails, in other apps on Clerk too.',
    cause: 'Clerk has an incident, and says so.',
    verify: '`https://status.clerk.com` shows it as resolved.',
    example: { title: 'Elevated errors on session token requests' },
  },
  TOKEN_REQUESTS_FAILED: {
    symptom:
      'The console is full of red lines about `/tokens`, and the user has noticed nothing, or a short “Reconnecting…”.',
    lines: [
      'net::ERR_NETWORK_CHANGED',
      'net::ERR_CONNECTION_CLOSED',
      'net::ERR_TIMED_OUT',
      'net::ERR_NAME_NOT_RESOLVED',
      'Failed to load resource: the server responded with a status of 500 ()',
    ],
    cause:
      'The device changed networks, woke up, or Clerk failed for a moment. These requests are tried again until one succeeds; they are not the cause of a sign-out.',
    verify: 'The last request to `/tokens` in the network panel is answered 200.',
    example: { seen: 'ERR_NETWORK_CHANGED 4, ERR_CONNECTION_CLOSED 2, 500 3' },
  },

  CLERK_REACT_DEPRECATED: {
    symptom: 'A warning when packages are installed. Nothing else.',
    lines: ['npm warn deprecated @clerk/clerk-react'],
    cause: 'The package was renamed to `@clerk/react` with version 6, which gets the new features.',
    verify: '`npm ls @clerk/clerk-react` finds nothing, and sign-in works.',
    example: { version: '5.61.11' },
  },
  VERSION_UNSUPPORTED: {
    symptom: 'All sorts of things: types that do not fit, props that have no effect, errors about missing functions.',
    cause:
      '`clerk-convex-resilience` was not tested with that version. In an app that does not use it this is a note: nothing is wrong.',
    verify: '`npm ls` lists the package in a version in that range, and without `invalid`.',
    example: { name: 'convex', seen: '1.20.0', expected: '>=1.25.0 <2' },
    other: {
      when: 'If the app does not use it',
      example: { name: 'convex', seen: '1.20.0', expected: '>=1.25.0 <2', isWithoutLibrary: true },
    },
  },
  REACT_DUPLICATED: {
    symptom: 'The page stays white.',
    lines: [
      'Invalid hook call. Hooks can only be called inside of the body of a function component.',
      `Cannot read properties of null (reading 'useContext')`,
    ],
    cause:
      'Two copies of React are in one page. Each has contexts and hooks of its own, and they do not see each other. Usual in monorepos and with linked packages. The doctor finds them in `node_modules` and the lockfile. Where `clerk-convex-resilience` has the other copy, its provider names them in the console before it throws.',
    verify: oneCopy('react', ', and `deduped` at the others'),
    example: { versions: '18.3.1, 19.3.1' },
  },
  CONVEX_DUPLICATED: {
    symptom:
      'Hooks do not find the client, though the provider is there; or `<Authenticated>` never shows its children.',
    lines: [
      'Could not find Convex client! `useQuery` must be used in the React component tree under `ConvexProvider`.',
    ],
    cause:
      'The provider comes from one copy of `convex/react`, and the hook from another. The doctor finds them in `node_modules` and the lockfile. Where the app’s client is of another copy than the one that `clerk-convex-resilience` has, the provider names them in the console.',
    verify: oneCopy('convex'),
    example: { versions: '1.25.0, 1.48.0' },
  },

  STALE_CLERK_COOKIES: {
    symptom:
      'After a change of keys, or of the project on the same port, Clerk refuses what this browser asks, and in a private window all is well.',
    cause:
      'Cookies belong to a host, not to a port or a project. `__session` and `__client_uat` of another Clerk instance are still there. Alone they keep nobody from signing in; beside another mistake, as an origin that Clerk does not accept, they are in the way.',
    verify: 'In a private window, and in this one after the clean-up, sign-in works.',
    example: { seen: 'brave-lynx-34.clerk.accounts.dev', expected: host },
  },
  STALE_BUILD_CACHE: {
    symptom: 'The keys were changed, and the app still uses the old ones.',
    cause: 'Public variables are written into the files when they are built. The cache was built before the change.',
    verify: 'The requests to Clerk in the network panel go to the host of the new key.',
    example: { folder: '.next', file: '.env.local' },
  },

  PROVIDER_ORDER_WRONG: {
    symptom: 'The page stays white.',
    lines: ['useAuth can only be used within the <ClerkProvider /> component.'],
    cause: 'Convex’s provider asks Clerk’s `useAuth` for the user, and that works only below `ClerkProvider`.',
    verify: 'The page appears, and after a sign-in `<Authenticated>` shows its children.',
    example: { outer: 'ConvexProviderWithClerk', inner: 'ClerkProvider' },
  },
  CLERK_PROVIDER_MISSING: {
    symptom: 'The page stays white.',
    lines: ['useAuth can only be used within the <ClerkProvider /> component.'],
    cause:
      'Convex’s provider asks Clerk’s `useAuth` for the user, which works only below `ClerkProvider`, and no file of the app renders one.',
    verify: 'The page appears, and after a sign-in `<Authenticated>` shows its children.',
    example: { name: 'ConvexProviderWithClerk' },
  },
  USE_AUTH_OF_ANOTHER_PACKAGE: {
    symptom: 'The page stays white, though both providers are there and in the right order.',
    lines: ['useAuth can only be used within the <ClerkProvider /> component.'],
    cause:
      'Each of Clerk’s packages has a context of its own. The `useAuth` of one does not see the `ClerkProvider` of another. Editors like to import the wrong one.',
    verify: 'The page appears, and after a sign-in `<Authenticated>` shows its children.',
    example: { seen: '@clerk/clerk-react', expected: '@clerk/nextjs' },
  },
  CONVEX_PROVIDER_WITHOUT_AUTH: {
    symptom:
      'The user is signed in with Clerk, and every Convex function runs as nobody. There is no error, and no request to `/tokens/convex` in the network panel. `<Authenticated>` throws or stays empty.',
    lines: [
      'users:store called { hasIdentity: false }',
      'Uncaught Error: Not authenticated',
      'Could not find `ConvexProviderWithAuth` (or `ConvexProviderWithClerk` or `ConvexProviderWithAuth0`) as an ancestor component.',
    ],
    cause:
      'Convex’s quickstart without sign-in uses `ConvexProvider`, which sends no token. Beside Clerk it is right only for a part of the app that is public, where another provider hands the token on for the rest. It is a warning where no `auth.config.ts` says that the functions expect Clerk’s users.',
    verify: 'A token request appears in the network panel, and after a sign-in `<Authenticated>` shows its children.',
    example: { seen: 'ConvexProvider', expected: 'ConvexProviderWithClerk' },
  },
};
