import {
  argument,
  code,
  discoveryUrl,
  issuerUrl,
  isVariable,
  missingIn,
  oneOr,
  publicVariable,
  setIssuerCommand,
} from './code.ts';
import { writeProse } from './writeProse.ts';

const restart = 'Restart the dev server, or build and deploy again: the value is read at build time.';
const push = 'Push it with `npx convex dev`; for production with `npx convex deploy`.';
const copyKey = 'Copy the key from Clerk dashboard → Configure → API keys.';
const openDiscovery = (domain: string | undefined): string => `Open ${discoveryUrl(domain)}: it must answer with JSON.`;
const onHost =
  'If your host has it, where the app is built and runs, nothing has to be done: here only this machine is seen.';
const asUtf8 = (file: string | undefined): readonly string[] =>
  file === undefined ? [] : [`Save ${code(file)} as UTF-8: it is UTF-16, which nothing reads.`];
const setWrittenIssuer = (name: string, expected: string): string =>
  `Change ${code(name)} in \`convex/auth.config.ts\` to ${issuerUrl(expected)}: it is written out there.`;
const setIssuer = (name: string, expected: string | undefined): string =>
  (isVariable(name)
    ? ''
    : `Set \`domain\` in \`convex/auth.config.ts\` to ${issuerUrl(expected)}. If it reads an environment variable, set that. `) +
  `Run ${setIssuerCommand(name, expected)} (add \`--prod\` for production), or set it in Convex dashboard → Settings → Environment variables.`;
const whereIssuer = 'Find the Frontend API URL in Clerk dashboard → Configure → Domains.';
const tracked = {
  secret_key: {
    name: 'secret key',
    rotate: 'Make a new secret key in Clerk dashboard → Configure → API keys, and delete the old one.',
  },
  webhook_secret: {
    name: 'webhook signing secret',
    rotate: 'Rotate the signing secret in Clerk dashboard → Configure → Webhooks → your endpoint.',
  },
  deploy_key: {
    name: 'Convex deploy key',
    rotate:
      'Delete the deploy key in Convex dashboard → Settings (of production and previews: Project Settings), and generate a new one.',
  },
} as const;

/** English, which the runtime has. */
const everybody = (isEverybody: true | undefined): readonly string[] =>
  isEverybody
    ? ['No host that was asked has answered: look at this machine’s network first, or run the doctor with `--offline`.']
    : [];

export const en = writeProse({
  JWT_TEMPLATE_MISSING: ({ mayBeIntegration }) => ({
    title: mayBeIntegration
      ? 'Clerk has no JWT template called `convex`: right only where the Convex integration is on'
      : 'Clerk has no JWT template called `convex`, and the Convex integration is off',
    fix: [
      ...(mayBeIntegration
        ? ['Look whether the integration is on: Clerk dashboard → Integrations → Convex. If it is, all is well.']
        : []),
      'Turn it on at `https://dashboard.clerk.com/apps/setup/convex` (Clerk dashboard → Integrations → Convex → Activate Convex integration).',
      'Or make a template in Clerk dashboard → Configure → JWT templates → New template → Convex, and keep its name `convex`.',
      'Do it in the instance that the publishable key belongs to: development and production each have their own.',
    ],
  }),
  JWT_TEMPLATE_MISNAMED: ({ seen }) => ({
    title: `The JWT template is called ${code(seen)}, and Convex asks for \`convex\``,
    fix: [
      'Open the template in Clerk dashboard → Configure → JWT templates.',
      'Change its name to `convex`: small letters, no space.',
    ],
  }),
  JWT_TEMPLATE_WRONG_IN_CODE: ({ seen, expected }) => ({
    title: `The code asks for a JWT template called ${code(seen)}, and Convex’s is called ${code(expected)}`,
    fix: [
      `Ask for ${code(`getToken({ template: ${expected} })`)}: Clerk compares the name exactly, with case and spaces.`,
      'Search the project for other places that ask for it.',
    ],
  }),
  TOKEN_AUDIENCE_WRONG: ({ expected }) => ({
    title: 'The token’s `aud` is not the `applicationID` of `auth.config.ts`',
    fix: [
      `Open the template \`convex\` in Clerk dashboard → Configure → JWT templates, and set the claim \`aud\` to ${oneOr(expected, 'convex')}.`,
      'If you use no template, activate Clerk dashboard → Integrations → Convex: it adds `aud` to session tokens.',
      'Reload the page, so that it gets a new token.',
    ],
  }),
  TOKEN_ISSUER_WRONG: ({ seen }) => ({
    title: 'The token comes from an issuer that is not in `auth.config.ts`',
    fix: [
      'Decide which one is right: the publishable key of the app names the Clerk instance that makes the tokens.',
      `If the app is right, run ${setIssuerCommand('CLERK_JWT_ISSUER_DOMAIN', seen)} (add \`--prod\` for production).`,
      'If Convex is right, use the publishable key of that instance: Clerk dashboard → Configure → API keys.',
      push,
    ],
  }),
  TOKEN_LIFETIME_TOO_SHORT: ({ neededSeconds }) => ({
    title: 'Tokens expire before Convex can renew them',
    fix: [
      `Open the template \`convex\` in Clerk dashboard → Configure → JWT templates, and set Token lifetime to at least ${code(`${Math.ceil(neededSeconds)}`)} seconds; Clerk’s default is \`60\`.`,
      'Or lower `authRefreshTokenLeewaySeconds`, an option of `ConvexReactClient`.',
    ],
  }),
  TOKEN_SIGNATURE_MISMATCH: ({ isUnsure }) => ({
    title: isUnsure
      ? 'Convex could not verify a token: its signature, its expiry or a claim'
      : 'The token is signed with a key that its issuer does not publish',
    fix: [
      ...(isUnsure
        ? ['Look at the token itself: `npx clerk-convex-doctor token` judges each claim, and the signature.']
        : []),
      'Turn off Custom signing key in the template `convex`: Clerk dashboard → Configure → JWT templates. Convex knows only the keys in the issuer’s JWKS.',
      'Compare the issuer in `auth.config.ts` with the Frontend API URL in Clerk dashboard → Configure → Domains.',
      'Sign out and in again, to get a token signed with a current key.',
    ],
  }),
  TOKEN_MALFORMED: ({ reason }) => {
    const missing = missingIn(reason);
    return missing === undefined
      ? {
          title: 'What was sent as a token is not a JWT',
          fix: [
            'Give Convex what Clerk’s `getToken()` returns, unchanged: three parts with dots between, no `Bearer` in front.',
            'If you wrap `useAuth`, check that `getToken` returns the token itself and not an object.',
          ],
        }
      : {
          title: `The token lacks what Convex needs: ${code(missing)}`,
          fix: [
            'Give Convex what Clerk’s `getToken()` returns, unchanged: Clerk writes this into every token.',
            'Turn off Custom signing key in the template `convex`, and take out claims that replace Clerk’s own: Clerk dashboard → Configure → JWT templates.',
          ],
        };
  },
  TOKEN_EXPIRED: () => ({
    title: 'The token has expired',
    fix: [
      'Take a new one: `await getToken({ template: "convex", skipCache: true })`.',
      'If new tokens look expired too, set the clock of this device.',
    ],
  }),
  CLOCK_SKEW: ({ seconds }) => ({
    title: `The clock of this device is ${seconds === undefined ? 'off' : seconds < 0 ? 'behind' : 'ahead'}`,
    fix: [
      'Set date and time to automatic in the system settings.',
      'In a container or virtual machine, synchronise the clock of the host (NTP).',
    ],
  }),

  AUTH_CONFIG_MISSING: ({ expected, issuer }) => ({
    title: 'Convex has no `auth.config.ts`',
    fix: [
      `Create ${code(expected)} with \`export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }] };\` or run \`npx clerk-convex-doctor --fix\`.`,
      setIssuer('CLERK_JWT_ISSUER_DOMAIN', issuer),
      push,
    ],
  }),
  AUTH_CONFIG_NOT_DEPLOYED: () => ({
    title: 'The Convex deployment knows no auth provider',
    fix: [
      push,
      'Read its output: an environment variable that `auth.config.ts` uses and that is not set stops the push.',
      'Check that the app’s Convex URL is of the deployment that you push to.',
    ],
  }),
  AUTH_CONFIG_WITHOUT_ISSUER: ({ expected }) => ({
    title: 'No provider in `auth.config.ts` is Clerk’s issuer',
    fix: [
      `Add \`{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }\` to \`providers\` in \`convex/auth.config.ts\`.`,
      setIssuer('CLERK_JWT_ISSUER_DOMAIN', expected),
      push,
    ],
  }),
  AUTH_CONFIG_UNREADABLE: ({ isBroken }) => ({
    title: isBroken ? 'Convex cannot read `auth.config.ts`' : '`auth.config.ts` could not be read without running it',
    fix: isBroken
      ? [
          'Write it as `export default { providers: [{ domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" }] };`.',
          push,
        ]
      : [
          'Write `providers` as a plain list, with strings and `process.env.NAME` only.',
          'If it must be computed, compare `domain` and `applicationID` by hand with what Clerk’s tokens say: `npx clerk-convex-doctor token`.',
        ],
  }),
  APPLICATION_ID_WRONG: () => ({
    title: 'The `applicationID` in `auth.config.ts` is not `convex`',
    fix: ['Set `applicationID: "convex"` in `convex/auth.config.ts`: it is compared with the token’s `aud`.', push],
  }),

  ISSUER_ENV_MISSING: ({ name, expected }) => ({
    title: `${code(name)} is not set in the Convex deployment`,
    fix: [whereIssuer, setIssuer(name, expected), push],
  }),
  ISSUER_TRAILING_SLASH: ({ name, expected, isWrittenOut }) => ({
    title: `${code(name)} ends with a slash`,
    fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
  }),
  ISSUER_NOT_HTTPS: ({ name, expected, isWrittenOut }) => ({
    title: `${code(name)} does not begin with \`https://\``,
    fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
  }),
  ISSUER_WITH_PATH: ({ name, expected, isWrittenOut }) => ({
    title: `${code(name)} has a path, and the issuer is the address alone`,
    fix: [isWrittenOut ? setWrittenIssuer(name, expected) : setIssuer(name, expected), push],
  }),
  ISSUER_OF_ANOTHER_INSTANCE: ({ name, expected }) => ({
    title: `${code(name)} names another Clerk instance than the publishable key`,
    fix: [
      'Decide which instance is meant. A development key goes with `….clerk.accounts.dev`, a production key with your own domain.',
      setIssuer(name, expected),
      push,
    ],
  }),
  IDENTITY_PROVIDER_UNREACHABLE: ({ domain }) => ({
    title: 'Convex cannot reach Clerk to get its keys',
    fix: [
      'Wait: it passes by itself, and users stay signed in.',
      openDiscovery(domain),
      'Look at `https://status.clerk.com` and `https://status.convex.dev`.',
    ],
  }),
  IDENTITY_PROVIDER_WRONG: ({ domain }) => ({
    title: 'The issuer does not answer as an identity provider',
    fix: [openDiscovery(domain), whereIssuer, setIssuer('CLERK_JWT_ISSUER_DOMAIN', undefined), push],
  }),

  PUBLISHABLE_KEY_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
    title: mayBeOnHost
      ? `No env file here has the publishable key ${code(name)}`
      : `The publishable key ${code(name)} is not set`,
    fix: [
      ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
      copyKey,
      `Add ${publicVariable(name, 'CLERK_PUBLISHABLE_KEY', '=pk_test_…')} to \`.env.local\`, and to the environment of your host.`,
      restart,
    ],
  }),
  PUBLISHABLE_KEY_MALFORMED: ({ name }) => ({
    title: `The publishable key ${code(name)} is malformed`,
    fix: [copyKey, 'Paste all of it, without quotes or spaces.', restart],
  }),
  PUBLISHABLE_KEY_NOT_EXPOSED: ({ seen, expected }) => ({
    title: `The browser cannot see the publishable key under the name ${code(seen)}`,
    fix: [`Rename ${code(seen)} to ${code(expected)}: only names with that prefix reach the browser.`, restart],
  }),
  TEST_KEY_IN_PRODUCTION: ({ name }) => ({
    title: 'Production runs on a publishable key of a development instance',
    fix: [
      'Switch to Production at the top of the Clerk dashboard, and copy the key from Configure → API keys.',
      `Set ${publicVariable(name, 'CLERK_PUBLISHABLE_KEY', '=pk_live_…')} and \`CLERK_SECRET_KEY=sk_live_…\` where production is built and runs.`,
      'Run `npx convex env set CLERK_JWT_ISSUER_DOMAIN https://clerk.your-domain.com --prod`.',
      'Build and deploy again.',
    ],
  }),
  SECRET_KEY_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
    title: mayBeOnHost
      ? `No env file here has the secret key ${code(name)}`
      : `The secret key ${code(name)} is not set`,
    fix: [
      ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
      copyKey,
      `Add ${code(`${name}=sk_test_…`)} to \`.env.local\`, and to the environment of your host.`,
      'Restart the server.',
    ],
  }),
  SECRET_KEY_MALFORMED: ({ name }) => ({
    title: `The secret key ${code(name)} is malformed`,
    fix: [copyKey, 'Paste all of it, without quotes or spaces.', 'Restart the server.'],
  }),
  SECRET_KEY_OF_ANOTHER_INSTANCE: ({ name }) => ({
    title: `The secret key ${code(name)} and the publishable key are of different Clerk instances`,
    fix: [
      'Choose the application and the instance (Development or Production) in the Clerk dashboard.',
      'Copy both keys from Configure → API keys, and replace both.',
      'Restart the server.',
    ],
  }),
  SECRET_KEY_REFUSED: ({ name }) => ({
    title: `Clerk refuses the secret key ${code(name)}`,
    fix: [
      'See in Clerk dashboard → Configure → API keys whether it was deleted or rotated.',
      'Copy the current key, and replace the old one wherever the app runs.',
    ],
  }),
  SECRET_KEY_IN_PUBLIC_VARIABLE: ({ name }) => ({
    title: `A secret key is in ${code(name)}, which every visitor can read`,
    fix: [
      'Make a new secret key in Clerk dashboard → Configure → API keys, and delete the old one: take it as known to others.',
      `Put the new key in \`CLERK_SECRET_KEY\`, on the server only, and take the old one out of ${code(name)}.`,
      'Build and deploy again, so that no bundle holds the old one.',
    ],
  }),
  CLERK_SECRET_KEY_MISSING_IN_CONVEX: () => ({
    title: 'A Convex function reads `CLERK_SECRET_KEY`, which is not set in the deployment',
    fix: [
      copyKey,
      'Run `npx convex env set CLERK_SECRET_KEY sk_test_…` with your key (add `--prod` for production), or set it in Convex dashboard → Settings → Environment variables. Convex does not read `.env.local`.',
    ],
  }),
  ENV_FILE_NOT_IGNORED: ({ file, isTracked }) => ({
    title: `${code(file)} holds secrets, and git ${isTracked ? 'tracks' : 'does not ignore'} it`,
    fix: isTracked
      ? [
          'Rotate the secrets in it: they stay in git’s history, and everybody who can read the repository has them.',
          `Run ${code(`git rm --cached -- ${argument(file)}`)}: the file itself stays.`,
          `Add ${code(file)} to \`.gitignore\`, and commit both.`,
        ]
      : [
          `Add ${code(file)} to \`.gitignore\`.`,
          `If it was committed, run ${code(`git rm --cached -- ${argument(file)}`)}, and rotate the secrets in it.`,
        ],
  }),
  SECRET_IN_TRACKED_FILE: ({ kind }) => ({
    title: `A ${tracked[kind].name} stands in a file that git tracks`,
    fix: [
      tracked[kind].rotate,
      'Take the old one out of the file. It stays in git’s history, which is why it has to be rotated first.',
      kind === 'deploy_key'
        ? 'Keep the new one as `CONVEX_DEPLOY_KEY` among the secrets of your host or CI; to develop, none is needed.'
        : 'Keep the new one in `.env.local`, which git ignores.',
    ],
  }),

  CONVEX_URL_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
    title: mayBeOnHost
      ? `No env file here has the Convex URL ${code(name)}`
      : `The Convex URL ${code(name)} is not set`,
    fix: [
      ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
      'Run `npx convex dev`: it writes the URL to `.env.local`.',
      `On your host, set ${publicVariable(name, 'CONVEX_URL')} yourself, or build with \`npx convex deploy --cmd "npm run build"\`, which sets it.`,
      restart,
    ],
  }),
  CONVEX_URL_MALFORMED: ({ name }) => ({
    title: `The Convex URL ${code(name)} is malformed`,
    fix: [
      'Copy the deployment URL from Convex dashboard → Settings. It ends with `.convex.cloud`; `.convex.site` is for HTTP actions.',
      restart,
    ],
  }),
  CONVEX_URL_OF_ANOTHER_DEPLOYMENT: ({ name }) => ({
    title: `${code(name)} is the URL of another deployment than \`CONVEX_DEPLOYMENT\``,
    fix: [
      'Run `npx convex dev`: it writes both to `.env.local`.',
      'Take out older copies of either in other `.env` files.',
      restart,
    ],
  }),
  CONVEX_UNREACHABLE: ({ url }) => ({
    title: 'The Convex deployment cannot be reached',
    fix: [
      `Open ${code(url)} in a browser. If it is not found, the deployment was deleted, or the URL has a typing error.`,
      'For a local deployment, keep `npx convex dev` running.',
      'Behind a firewall or VPN, allow HTTPS and WebSocket to `*.convex.cloud`.',
    ],
  }),
  USERS_TABLE_MISSING: () => ({
    title: 'Functions use a table `users`, and the schema has none',
    fix: ['Add the table `users` to `convex/schema.ts`, or run `npx clerk-convex-doctor --fix`.', push],
  }),
  FUNCTION_RAN_WITHOUT_IDENTITY: () => ({
    title: 'A Convex function ran without the user’s identity though somebody was signed in',
    fix: [
      'Mend other findings first: with a token that Convex refuses, every function runs as nobody.',
      'Call it once Convex is ready: inside `<Authenticated>`, or when `useConvexAuth().isAuthenticated` is true. Clerk’s `isSignedIn` is true earlier.',
      'To store the user, use `<UserSync>`, which waits for that.',
    ],
  }),

  WEBHOOK_SECRET_MISSING: ({ name, mayBeOnHost, utf16 }) => ({
    title: mayBeOnHost
      ? `No env file here has the webhook signing secret ${code(name)}`
      : `The webhook signing secret ${code(name)} is not set`,
    fix: [
      ...(mayBeOnHost ? [onHost] : asUtf8(utf16)),
      'Copy Signing Secret from Clerk dashboard → Configure → Webhooks → your endpoint.',
      `Set it where the handler runs: in Convex with ${code(`npx convex env set ${argument(name)} whsec_…`)}, otherwise in \`.env.local\` and on your host.`,
      'Restart the server, and send a test event from the endpoint’s Testing tab.',
    ],
  }),
  WEBHOOK_SECRET_MALFORMED: ({ name }) => ({
    title: `The webhook signing secret ${code(name)} is malformed`,
    fix: [
      'Copy Signing Secret again from Clerk dashboard → Configure → Webhooks → your endpoint: `whsec_` and all that follows.',
      'Paste it without quotes or spaces. It is neither the secret key nor the endpoint’s ID.',
      'Restart the server.',
    ],
  }),
  WEBHOOK_ROUTE_MISSING: ({ expected, isInApp, status }) => ({
    title: status === undefined ? 'No route leads to the webhook handler' : 'The webhook’s address answers 404',
    fix: [
      status === undefined
        ? `Make the route at ${code(expected)}${isInApp ? '' : ', or run `npx clerk-convex-doctor --fix`'}.`
        : `Look whether ${code(expected)} is the path that the code serves, and whether the code with that route is deployed there.`,
      'Give the endpoint in Clerk dashboard → Configure → Webhooks the same path. HTTP actions of Convex are at `https://<deployment>.convex.site`.',
      'Deploy, and send a test event from the endpoint’s Testing tab.',
    ],
  }),
  WEBHOOK_METHOD_REFUSED: () => ({
    title: 'The webhook route does not take POST',
    fix: [
      'Answer POST: `export const POST = …` in Next.js, `method: "POST"` in a Convex `http.route`.',
      'Deploy, and send a test event from the endpoint’s Testing tab in Clerk dashboard → Configure → Webhooks.',
    ],
  }),
  WEBHOOK_ROUTE_PROTECTED: () => ({
    title: 'Middleware asks Clerk’s webhook to sign in',
    fix: [
      'Leave the webhook route out of what `clerkMiddleware` protects: name it in `createRouteMatcher` as a public route.',
      'Do the same in whatever else stands in front: deployment protection, basic auth, a firewall.',
      'Deploy, and send a test event from the endpoint’s Testing tab in Clerk dashboard → Configure → Webhooks.',
    ],
  }),
  WEBHOOK_SIGNATURE_REFUSED: ({ accepted }) => ({
    title:
      accepted > 0
        ? 'The signing secret fits some webhook deliveries, and not most'
        : 'The signing secret fits no webhook delivery',
    fix: [
      'Copy the Signing Secret of this very endpoint (Clerk dashboard → Configure → Webhooks → your endpoint): each endpoint of each instance has its own.',
      'Set it where the handler runs as `CLERK_WEBHOOK_SIGNING_SECRET`: `npx convex env set` for an HTTP action, the host’s settings for a route of the app. Deploy.',
      'If it is the right one, let nothing read or change the body before the handler: `express.json()`, a proxy that rewrites JSON.',
    ],
  }),
  WEBHOOK_ENDPOINT_FAILING: ({ status, location }) => ({
    title:
      status < 300
        ? 'The webhook endpoint accepts a delivery without a signature'
        : status < 400
          ? 'The webhook endpoint redirects, and a delivery follows no redirect'
          : 'The webhook endpoint answers with an error of its own',
    fix: [
      status < 300
        ? 'Verify the signature before anything else: `createClerkWebhookHandler` does.'
        : status < 400
          ? `Give the endpoint in Clerk dashboard the address to which it leads${location === undefined ? '' : `, ${code(location)}`}, or serve it without a redirect (\`www\`, a slash at the end, HTTPS).`
          : 'Read the server’s log of this request. A missing signing secret and a body that was parsed before are the usual causes.',
      'Deploy, and send a test event from the endpoint’s Testing tab in Clerk dashboard → Configure → Webhooks.',
    ],
  }),
  WEBHOOK_UNREACHABLE: () => ({
    title: 'The webhook endpoint cannot be reached',
    fix: [
      'Use a public HTTPS address: Clerk cannot call `localhost`. In development use a tunnel, or an HTTP action of Convex.',
      'Set that address in Clerk dashboard → Configure → Webhooks → your endpoint.',
    ],
  }),

  MIDDLEWARE_MISSING: ({ expected, found, path }) => ({
    title:
      path !== undefined
        ? `Clerk’s middleware does not run for ${code(path)}, which calls \`auth()\``
        : found === undefined
          ? 'Clerk’s middleware is missing'
          : 'Clerk’s middleware is where the framework does not read it',
    fix: [
      path !== undefined
        ? `Let \`config.matcher\` in ${code(expected)} take ${code(path)} too: where the middleware does not run, \`auth()\` throws.`
        : found === undefined
          ? `Create ${code(expected)} with Clerk’s \`clerkMiddleware()\`; without it \`auth()\` throws.`
          : `Move ${code(found)} to ${code(expected)}: under that name, and there, it is read.`,
      'Restart the dev server.',
    ],
  }),
  MIDDLEWARE_AND_PROXY: () => ({
    title: 'There are both `proxy.ts` and `middleware.ts`, and Next.js takes only one',
    fix: [
      'Move what `middleware.ts` does to `proxy.ts`, which is its name since Next.js 16.',
      'Delete `middleware.ts`, and restart the dev server.',
    ],
  }),
  MIDDLEWARE_WITHOUT_CLERK: ({ file }) => ({
    title: `${code(file)} does not run \`clerkMiddleware()\``,
    fix: [
      `Call \`clerkMiddleware()\` in ${code(file)}; what is there now can run inside its callback.`,
      'Restart the dev server.',
    ],
  }),

  FRONTEND_API_NOT_RESOLVED: ({ host, isEverybody }) => ({
    title: 'The host name of Clerk’s Frontend API does not resolve',
    fix: [
      ...everybody(isEverybody),
      `Run ${code(`nslookup ${argument(host)}`)} here and on another network. Found elsewhere: the cause is this network’s DNS, VPN or ad blocker.`,
      'For a production instance, add the CNAME records that Clerk dashboard → Configure → Domains shows.',
      'For a development instance, copy the publishable key again: the host is written in it.',
    ],
  }),
  FRONTEND_API_UNREACHABLE: ({ host, isEverybody }) => ({
    title: 'Clerk’s Frontend API cannot be reached',
    fix: [
      ...everybody(isEverybody),
      `Open ${code(`https://${host}/v1/environment`)} in a browser: it must answer with JSON.`,
      'Try without VPN, proxy, firewall and ad blocker, or on another network.',
      'Look at `https://status.clerk.com`.',
    ],
  }),
  FRONTEND_API_TLS_FAULT: ({ isEverybody }) => ({
    title: 'The TLS certificate of Clerk’s Frontend API is not accepted',
    fix: [
      ...everybody(isEverybody),
      'For a production instance, see in Clerk dashboard → Configure → Domains whether the certificate was issued; do not proxy the CNAME records (Cloudflare: DNS only).',
      'In a company network, install its root certificate; for Node.js name it in `NODE_EXTRA_CA_CERTS`.',
      'Set the clock of this device.',
    ],
  }),
  CAPTIVE_PORTAL: () => ({
    title: 'Something else answers in Clerk’s place',
    fix: [
      'Open a web page, and log in to the Wi-Fi if it asks you to.',
      'Otherwise try without proxy and VPN, or on another network.',
      'If it is the same everywhere, the host leads to another server: for a production instance compare its CNAME record with Clerk dashboard → Configure → Domains.',
    ],
  }),
  FRONTEND_API_FAILING: ({ host, isProxy, isFirewall, isUnknown }) => {
    if (isFirewall)
      return {
        title: 'A firewall in front of Clerk’s Frontend API has stopped the question',
        fix: [
          `Open ${code(`https://${host}/v1/environment`)} in a browser. If it shows JSON at once, the firewall stops this machine alone, and users can sign in.`,
          'If it asks whether you are human, the app cannot pass either. On a domain of yours, set Clerk’s CNAME records not to be proxied (Cloudflare: DNS only); for `proxyUrl`, leave its path out of the firewall’s challenges.',
        ],
      };
    if (isProxy)
      return {
        title: 'The app’s own proxy does not lead to Clerk’s Frontend API',
        fix: [
          'Open the address of `proxyUrl` with `/v1/environment` behind it: it must answer with JSON.',
          'Forward that path, and all below it, to Clerk’s Frontend API; leave it out of redirects, sign-in and the page for all other paths.',
          'Compare the address with the proxy in Clerk dashboard → Configure → Domains.',
        ],
      };
    if (isUnknown)
      return {
        title: 'Clerk knows no instance at the host of the publishable key',
        fix: [
          copyKey,
          'If it is the same one, its application or domain was deleted: choose another in the Clerk dashboard, or make a new one.',
          restart,
        ],
      };
    return {
      title: 'Clerk’s Frontend API answers with an error',
      fix: ['Look at `https://status.clerk.com`.', 'Wait: it is tried again, and users stay signed in.'],
    };
  },
  ORIGIN_NOT_ALLOWED: () => ({
    title: 'Clerk does not accept requests from this origin',
    fix: [
      'On `localhost` and preview URLs use a publishable key of a development instance (`pk_test_…`): `pk_live_…` works on its own domain only.',
      'In production, serve the app from the domain in Clerk dashboard → Configure → Domains, or change it there.',
    ],
  }),
  CLERK_JS_BLOCKED: ({ host, reason }) => ({
    title: reason === 'csp' ? 'The page’s Content Security Policy blocks Clerk’s script' : 'Clerk’s script is blocked',
    fix:
      reason === 'csp'
        ? [
            `Add ${code(`https://${host}`)} to \`script-src\` and \`connect-src\`.`,
            "Add `worker-src 'self' blob:`, `img-src https://img.clerk.com`, and `https://challenges.cloudflare.com` to `script-src` and `frame-src`.",
          ]
        : [
            `Allow ${code(host)} in the ad blocker, privacy extension or firewall.`,
            'If many users are affected, serve Clerk from your own domain: a production instance, or `proxyUrl`.',
          ],
  }),
  THIRD_PARTY_COOKIES_BLOCKED: ({ host }) => ({
    title: 'The browser blocks Clerk’s cookies as third-party cookies',
    fix: [
      `In this browser, allow cookies for ${oneOr(host, '*.clerk.accounts.dev')}.`,
      'For all users, use a production instance, whose Frontend API is a subdomain of your own domain, or `proxyUrl`.',
    ],
  }),
  CLERK_INCIDENT: () => ({
    title: 'Clerk’s status page reports an incident',
    fix: ['Follow it at `https://status.clerk.com`.', 'Change nothing meanwhile: users stay signed in.'],
  }),
  TOKEN_REQUESTS_FAILED: () => ({
    title: 'Token requests failed, and were tried again',
    fix: [
      'Nothing has to be done: these pass by themselves, and users stay signed in.',
      'If there are many, try without VPN, proxy and ad blocker, and look at `https://status.clerk.com`.',
    ],
  }),

  CLERK_REACT_DEPRECATED: () => ({
    title: '`@clerk/clerk-react` is deprecated',
    fix: [
      'Run `npx @clerk/upgrade`: it shows and changes what is different in `@clerk/react`.',
      'Install `@clerk/react`, remove `@clerk/clerk-react`, and import from the new one everywhere.',
      'If the app imports `clerk-convex-resilience/clerk-react`, import `clerk-convex-resilience` instead.',
    ],
  }),
  VERSION_UNSUPPORTED: ({ name, expected, isWithoutLibrary }) => ({
    title: `\`clerk-convex-resilience\` does not support this version of ${code(name)}`,
    fix: [
      ...(isWithoutLibrary ? ['Without `clerk-convex-resilience` in the app, leave it as it is.'] : []),
      `Install ${code(name)} in a version that fits ${code(expected)}.`,
      'If `package.json` asks for such a version already, install again: `node_modules` has another. Restart the dev server.',
    ],
  }),
  REACT_DUPLICATED: () => ({
    title: 'There are two copies of React',
    fix: [
      'Run `npm ls react` (`pnpm why react`) to see who brings the second.',
      'Give every package of the workspace the same version; a library has React in `peerDependencies`.',
      'With Vite, add `resolve: { dedupe: ["react", "react-dom"] }` to `vite.config.ts`.',
    ],
  }),
  CONVEX_DUPLICATED: () => ({
    title: 'There are two copies of Convex’s client',
    fix: [
      'Run `npm ls convex` (`pnpm why convex`) to see who brings the second.',
      'Give every package of the workspace the same version; a library has Convex in `peerDependencies`.',
      'With Vite, add `resolve: { dedupe: ["convex"] }` to `vite.config.ts`.',
    ],
  }),

  STALE_CLERK_COOKIES: () => ({
    title: 'This browser has cookies of another Clerk instance',
    fix: [
      'Delete the site’s data: in the browser’s developer tools, Application → Storage → Clear site data.',
      'Sign in again.',
      'On `localhost` cookies are shared by all ports: use another browser profile for each project.',
    ],
  }),
  STALE_BUILD_CACHE: ({ folder, file }) => ({
    title: `The build in ${code(folder)} is older than the keys in ${code(file)}`,
    fix: [`Stop the dev server, and delete the folder ${code(folder)}.`, 'Start it, or build again.'],
  }),

  PROVIDER_ORDER_WRONG: ({ outer, inner }) => ({
    title: 'The Convex provider is outside of `ClerkProvider`',
    fix: [
      `Put ${code(`<${inner}>`)} around ${code(`<${outer}>`)}.`,
      'Do the same in tests and stories that render the providers.',
    ],
  }),
  CLERK_PROVIDER_MISSING: ({ name }) => ({
    title: 'Nothing renders `ClerkProvider`',
    fix: [
      `Put \`<ClerkProvider>\` around ${code(`<${name}>`)}, from the package that \`useAuth\` comes from.`,
      'Give it the publishable key, where the package does not read it by itself.',
    ],
  }),
  USE_AUTH_OF_ANOTHER_PACKAGE: ({ seen, expected }) => ({
    title: `\`useAuth\` comes from ${code(seen)}, and \`ClerkProvider\` from ${code(expected)}`,
    fix: [
      `Import \`useAuth\` from ${code(expected)}.`,
      `Remove ${code(seen)} from \`package.json\` if nothing else needs it.`,
    ],
  }),
  CONVEX_PROVIDER_WITHOUT_AUTH: ({ seen, expected }) => ({
    title: `Convex never gets Clerk’s token: ${code(`<${seen}>`)} asks nobody for one`,
    fix: [
      `Replace ${code(`<${seen}>`)} by ${code(`<${expected}>`)}, and give it Clerk’s \`useAuth\` as a prop.`,
      'It belongs inside of `ClerkProvider`.',
    ],
  }),
});
