import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { describeFinding, diagnose, type FindingCode, findingCodes } from 'clerk-convex-resilience/diagnosis';
import { createClerkWebhookHandler } from 'clerk-convex-resilience/webhooks';
import { Webhook } from 'svix';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../clerk-convex-resilience/src/diagnosis/prose/catalogue.ts';
import { unconfigured } from '../../../clerk-convex-resilience/src/server/next/faults.ts';
import { guardAction } from '../../../clerk-convex-resilience/src/server/next/guardAction.ts';
import { logFault } from '../../../clerk-convex-resilience/src/server/next/guardLog.ts';
import { readLog } from './readLog.ts';

const library = fileURLToPath(new URL('../../../clerk-convex-resilience/src', import.meta.url));
const url = 'https://happy-hippo-1.clerk.accounts.dev/v1/client/sessions/sess_2x/tokens';

/** Chromium's console, "Save as", in a network that flaps; the webhook's line is the server's. */
const cascade = `
clerk.browser.js:19 POST ${url}?__clerk_api_version=2025-04-10&_clerk_js_version=5.128.0 net::ERR_NETWORK_CHANGED
clerk.browser.js:19 POST ${url}/convex?_clerk_js_version=5.128.0 net::ERR_CONNECTION_CLOSED
clerk.browser.js:19 POST ${url}?_clerk_js_version=5.128.0 net::ERR_TIMED_OUT
clerk.browser.js:19 POST ${url}?_clerk_js_version=5.128.0 net::ERR_NAME_NOT_RESOLVED
clerk.browser.js:19 POST ${url}?_clerk_js_version=5.128.0 500 (Internal Server Error)
clerk.browser.js:19 POST ${url}?_clerk_js_version=5.128.0 net::ERR_NETWORK_CHANGED
(anonymous) @ clerk.browser.js:19
[clerk-convex-resilience] token not obtained: network
[clerk-convex-resilience] webhook not_configured There is no signing secret. It is whsec_ and base64, on the endpoint's page in Clerk's dashboard: set it as CLERK_WEBHOOK_SIGNING_SECRET, or pass it as secrets. { code: 'not_configured', status: 500, ms: 2 }
GET https://app.example.com/logo.png net::ERR_CONNECTION_REFUSED
`;

/** `npx convex dev` and the browser, where no template is called `convex`. */
const nobody = `
11/26/2026, 6:44:04 PM [CONVEX M(users:store)] [LOG] 'users:store called' { hasIdentity: false }
11/26/2026, 6:44:04 PM [CONVEX M(users:store)] Uncaught Error: Not authenticated
    at handler (../convex/users.ts:9:13)
POST ${url}/convex?_clerk_js_version=5.128.0 404 (Not Found)
`;

describe('readLog', () => {
  it('counts each failure of a token request by its name, and knows the webhook that has no secret', () => {
    const log = readLog(cascade);
    expect(log.tokenFailures).toEqual({
      ERR_NETWORK_CHANGED: 2,
      ERR_CONNECTION_CLOSED: 1,
      ERR_TIMED_OUT: 1,
      ERR_NAME_NOT_RESOLVED: 1,
      500: 1,
      NETWORK: 1,
    });
    expect(log.codes).toEqual(['WEBHOOK_SECRET_MISSING']);
    expect(log.templateNotFound).toBe(0);
    expect(log.withoutIdentity).toEqual([]);
    expect(diagnose({ log }).map(({ code }) => code)).toEqual(['WEBHOOK_SECRET_MISSING', 'TOKEN_REQUESTS_FAILED']);
  });

  it('knows a function that ran as nobody, and the template that is not there', () => {
    const log = readLog(nobody);
    expect(log.withoutIdentity).toEqual([
      "11/26/2026, 6:44:04 PM [CONVEX M(users:store)] [LOG] 'users:store called' { hasIdentity: false }",
      '11/26/2026, 6:44:04 PM [CONVEX M(users:store)] Uncaught Error: Not authenticated',
    ]);
    expect(log.templateNotFound).toBe(1);
    expect(log.tokenFailures).toEqual({});
    expect(diagnose({ log }).map(({ code }) => code)).toContain('JWT_TEMPLATE_MISSING');
  });

  it.each<[string, string, Partial<ReturnType<typeof readLog>>]>([
    [
      'a resource by its last part',
      'tokens?_clerk_js_version=5:1  Failed to load resource: net::ERR_INTERNET_DISCONNECTED',
      { tokenFailures: { ERR_INTERNET_DISCONNECTED: 1 } },
    ],
    [
      'a status of a resource',
      'convex?x=1:1 Failed to load resource: the server responded with a status of 404 ()',
      { templateNotFound: 0 },
    ],
    [
      'a status of a token resource',
      'tokens/convex?x=1:1 Failed to load resource: the server responded with a status of 404 ()',
      { templateNotFound: 1 },
    ],
    [
      'Firefox',
      `Cross-Origin Request Blocked: ${url}. (Reason: CORS request did not succeed)`,
      { tokenFailures: { FAILED_TO_FETCH: 1 } },
    ],
    [
      "Clerk's wrapper",
      `Error: ClerkJS: Network error at "${url}" - TypeError: Failed to fetch. Please try again.`,
      { tokenFailures: { FAILED_TO_FETCH: 1 } },
    ],
    ['Node', `fetch ${url} failed: ECONNRESET`, { tokenFailures: { ECONNRESET: 1 } }],
    ['a JSON log', `{"level":"error","url":"${url}","status":503}`, { tokenFailures: { 503: 1 } }],
    ['a token request that succeeds', `POST ${url} 200 (OK)`, { tokenFailures: {}, templateNotFound: 0 }],
    [
      "the library's own 404",
      '[clerk-convex-resilience] token not obtained: misconfigured 404 resource_not_found',
      { templateNotFound: 1, tokenFailures: {} },
    ],
    [
      "the library's own 500",
      '[clerk-convex-resilience] token not obtained: server 500',
      { tokenFailures: { 500: 1 } },
    ],
    [
      "the library's own name",
      '[clerk-convex-resilience] token not obtained: network ERR_NETWORK_CHANGED',
      { tokenFailures: { ERR_NETWORK_CHANGED: 1 } },
    ],
    [
      'a code in a line of the library',
      '[clerk-convex-resilience] JWT_TEMPLATE_MISSING: see the docs',
      { codes: ['JWT_TEMPLATE_MISSING'] },
    ],
    ['the same code of somebody else', 'JWT_TEMPLATE_MISSING', { codes: [] }],
    [
      'a malformed webhook secret',
      '[clerk-convex-resilience] webhook not_configured The signing secret is malformed. It is whsec_',
      { codes: ['WEBHOOK_SECRET_MALFORMED'] },
    ],
    [
      'the provider without a key',
      '[clerk-convex-resilience] publishableKey is missing. Copy the publishable key',
      { codes: ['PUBLISHABLE_KEY_MISSING'] },
    ],
    [
      'the provider without a URL',
      '[clerk-convex-resilience] convexUrl is missing. It looks like',
      { codes: ['CONVEX_URL_MISSING'] },
    ],
    [
      'the provider with a malformed URL',
      '[clerk-convex-resilience] convexUrl is "happy-animal-123", which is no URL.',
      { codes: ['CONVEX_URL_MALFORMED'] },
    ],
    [
      "Clerk's own sentence",
      'Error: @clerk/nextjs: Missing publishableKey. You can get your key at https://dashboard.clerk.com',
      { codes: ['PUBLISHABLE_KEY_MISSING'] },
    ],
    [
      'a browser that rejects a cookie of Clerk’s',
      'Cookie “__client” has been rejected because it is in a cross-site context and its “SameSite” is “Lax” or “Strict”.',
      { codes: ['THIRD_PARTY_COOKIES_BLOCKED'] },
    ],
    [
      'a browser that blocks third-party cookies',
      'Request to access cookie or storage on “https://happy-hippo-1.clerk.accounts.dev/v1/client?_clerk_js_version=6.40.0” was blocked because we are blocking all third-party storage access requests and Enhanced Tracking Protection is enabled.',
      { codes: ['THIRD_PARTY_COOKIES_BLOCKED'] },
    ],
    ['the same of somebody else', 'Cookie “_ga” has been rejected as third-party.', { codes: [] }],
    [
      'a deploy without the issuer',
      'Environment variable CLERK_JWT_ISSUER_DOMAIN is used in auth config file but its value was not set',
      { codes: ['ISSUER_ENV_MISSING'] },
    ],
    [
      'a refusal in the console',
      'Failed to authenticate: "No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.", check your server auth config',
      {
        refusals: [
          'No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.',
        ],
      },
    ],
    [
      'a refusal that is reported again',
      'attempting to reauthenticate: Could not verify OIDC token claim. Check that the token signature is valid',
      { refusals: ['Could not verify OIDC token claim. Check that the token signature is valid'] },
    ],
    [
      'storeUser, which writes two lines for a call',
      '[clerk-convex-resilience] storeUser attempting { hasIdentity: false }',
      { withoutIdentity: [] },
    ],
    [
      'identity in JSON',
      '{"message":"users:store called","hasIdentity":false}',
      { withoutIdentity: ['{"message":"users:store called","hasIdentity":false}'] },
    ],
    ['a visitor whom a function refuses', 'Uncaught Error: Not authenticated', { withoutIdentity: [] }],
    [
      'the same beside a token that was refused',
      'Uncaught Error: Not authenticated\nFailed to authenticate: "Could not validate token"',
      { withoutIdentity: ['Uncaught Error: Not authenticated'] },
    ],
    [
      'a registry beside a token that was refused',
      'Error: Not authenticated with registry ghcr.io\n[npm] You are not authenticated\nFailed to authenticate: "Could not validate token"',
      { withoutIdentity: [] },
    ],
    ['another template', `POST ${url}/supabase 404 (Not Found)`, { templateNotFound: 0, tokenFailures: {} }],
    ['a session that is over', `POST ${url} 404 (Not Found)`, { templateNotFound: 0, tokenFailures: {} }],
    [
      'a page that is called tokens',
      '/design/tokens:12 Failed to load resource: the server responded with a status of 404 ()',
      { templateNotFound: 0, tokenFailures: {} },
    ],
    ['an identity that is there', "'users:store called' { hasIdentity: true }", { withoutIdentity: [] }],
  ])('reads %s', (_name, line, expected) => {
    expect(readLog(line)).toMatchObject(expected);
    if (expected.tokenFailures) expect(readLog(line).tokenFailures).toEqual(expected.tokenFailures);
  });

  // What guard (server/next), layout (bindings/next), provider (react) and webhook handler have in their lines.
  const told: readonly FindingCode[] = [
    'PUBLISHABLE_KEY_MISSING',
    'PUBLISHABLE_KEY_MALFORMED',
    'SECRET_KEY_IN_PUBLIC_VARIABLE',
    'SECRET_KEY_MISSING',
    'SECRET_KEY_MALFORMED',
    'SECRET_KEY_OF_ANOTHER_INSTANCE',
    'SECRET_KEY_REFUSED',
    'MIDDLEWARE_WITHOUT_CLERK',
    'FRONTEND_API_NOT_RESOLVED',
    'FRONTEND_API_UNREACHABLE',
    'FRONTEND_API_FAILING',
    'CLOCK_SKEW',
    'CLERK_JS_BLOCKED',
    'TOKEN_LIFETIME_TOO_SHORT',
    'TEST_KEY_IN_PRODUCTION',
    'ISSUER_NOT_HTTPS',
    'STALE_CLERK_COOKIES',
  ];
  it.each(told)('knows %s in a line of the library, without a value that nobody has seen', (code) => {
    const [found, ...more] = diagnose({ log: readLog(`[clerk-convex-resilience] guard ${code} refused F3K9QX`) });
    expect([found?.code, more]).toEqual([code, []]);
    const text = found && describeFinding(found);
    expect(JSON.stringify([text?.title, text?.seen, text?.fix])).not.toMatch(/undefined|NaN|"`…`"|=…/);
  });

  it('reads what the guard writes, as console and as a log of JSON print it', () => {
    const code = 'SECRET_KEY_REFUSED';
    for (const print of [format, (message: string, line: object) => JSON.stringify({ message, ...line })]) {
      const lines: string[] = [];
      const write = (message: string, line: object) => void lines.push(print(message, line));
      logFault(
        { warn: write, error: write },
        unconfigured([{ code, args: { name: 'CLERK_SECRET_KEY', seen: 'sk_test_…' } }]),
        'refused',
        'F3K9QX42',
      );
      expect(diagnose({ log: readLog(lines.join('\n')) }).map((found) => found.code)).toEqual([code]);
    }
  });

  it('reads what the webhook handler writes, and takes a forged delivery for no fault', async () => {
    const lines: string[] = [];
    const write = (message: string, line: object) => void lines.push(format(message, line));
    const logger = { info: write, warn: write, error: write };
    const post = () => new Request('https://app.example.com/webhooks', { method: 'POST', body: '{}' });
    await createClerkWebhookHandler({ secrets: [], logger, on: {} })(post());
    expect(diagnose({ log: readLog(lines.join('\n')) }).map(({ code }) => code)).toEqual(['WEBHOOK_SECRET_MISSING']);
    lines.length = 0;
    await createClerkWebhookHandler({ secrets: [`whsec_${btoa('a'.repeat(24))}`], logger, on: {} })(post());
    expect(lines).not.toEqual([]);
    expect(diagnose({ log: readLog(lines.join('\n')) })).toEqual([]);
  });

  it("tells of a secret of another endpoint's from what the webhook handler writes, and not where most deliveries fit", async () => {
    const [right, wrong] = ['a', 'b'].map((letter) => `whsec_${btoa(letter.repeat(24))}`) as [string, string];
    const lines: string[] = [];
    const write = (message: string, line: object) => void lines.push(JSON.stringify({ message, ...line }));
    const on = { 'user.created': () => undefined };
    const handle = createClerkWebhookHandler({
      secrets: [right],
      logger: { info: write, warn: write, error: write },
      on,
    });
    let sent = 0;
    const deliver = (secret: string) => {
      const [id, at] = [`msg_${++sent}`, new Date()];
      const body = JSON.stringify({ type: 'user.created', data: { id: 'user_1' }, object: 'event' });
      const signature = new Webhook(secret).sign(id, at, body);
      const headers = {
        'content-type': 'application/json',
        'svix-id': id,
        'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
        'svix-signature': signature,
      };
      return handle(new Request('https://app.example.com/webhooks', { method: 'POST', body, headers }));
    };
    const told = () => diagnose({ log: readLog(lines.join('\n')) }).map(({ code, severity }) => `${severity} ${code}`);
    await deliver(wrong);
    expect(told()).toEqual(['error WEBHOOK_SIGNATURE_REFUSED']);
    await deliver(right);
    expect(told()).toEqual([]);
    for (let more = 0; more < 3; more += 1) await deliver(wrong);
    expect(told()).toEqual(['warning WEBHOOK_SIGNATURE_REFUSED']);
  });

  it('reads what a guarded server action writes: a template that is not there, and no outage', async () => {
    const lines: string[] = [];
    const logger = { warn: (line: string) => void lines.push(line) };
    const told = () => diagnose({ log: readLog(lines.join('\n')) }).map(({ code }) => code);
    const failing = (error: unknown) => guardAction(() => Promise.reject(error), { logger })();
    await failing(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }));
    expect([lines.length, told()]).toEqual([1, []]);
    await failing({ status: 404, clerkError: true, errors: [{ code: 'resource_not_found' }] });
    expect(told()).toEqual(['JWT_TEMPLATE_MISSING']);
  });

  it('knows every code that the library writes', () => {
    const sources = globSync(['{server/next,react,config}/**/*.{ts,tsx}'], { cwd: library }).filter(
      (file) => !file.includes('.test'),
    );
    const text = sources.map((file) => readFileSync(join(library, file), 'utf8')).join('\n');
    const written = findingCodes.filter((code) => text.includes(`'${code}'`));
    expect(written.length).toBeGreaterThan(10);
    const unknown = written.filter(
      (code) => diagnose({ log: readLog(`[clerk-convex-resilience] ${code}`) })[0]?.code !== code,
    );
    expect(unknown).toEqual([]);
  });

  it('finds something in what the catalogue prints as symptoms, but where a line has many causes, or is nobody’s', () => {
    const silent = findingCodes.filter((code) => {
      const { lines = [] } = catalogue[code];
      return lines.length > 0 && diagnose({ log: readLog(lines.join('\n')) }).length === 0;
    });
    expect(silent).toEqual([
      'JWT_TEMPLATE_WRONG_IN_CODE', // "Not authenticated" is said to visitors too
      'TEST_KEY_IN_PRODUCTION', // the same is said in development
      'CONVEX_UNREACHABLE',
      'WEBHOOK_SECRET_MALFORMED', // Svix's word, and anybody's
      'FRONTEND_API_NOT_RESOLVED', // names of faults, of whatever request
      'FRONTEND_API_UNREACHABLE',
      'FRONTEND_API_TLS_FAULT',
      'CAPTIVE_PORTAL',
      'FRONTEND_API_FAILING',
      'TOKEN_REQUESTS_FAILED',
      'CLERK_REACT_DEPRECATED',
      'REACT_DUPLICATED', // a rule of hooks that is broken says the same
      'CONVEX_DUPLICATED',
      'PROVIDER_ORDER_WRONG', // one line of three causes, which the source tells apart
      'CLERK_PROVIDER_MISSING',
      'USE_AUTH_OF_ANOTHER_PACKAGE',
    ]);
  });

  it('counts a failure once that the browser and the library both tell of', () => {
    const log = readLog(
      `POST ${url} 500 (Internal Server Error)\n[clerk-convex-resilience] token not obtained: server 500`,
    );
    expect(log.tokenFailures).toEqual({ 500: 1 });
  });

  it('keeps no token, secret or e-mail address', () => {
    const log = readLog(
      'hasIdentity: false for ada@example.com with Bearer eyJhbGciOi.eyJzdWIi.abc and sk_test_abcdefgh',
    );
    expect(JSON.stringify(log)).not.toMatch(/ada@|eyJ|abcdefgh/);
  });

  it('is done with a line of a megabyte, and with none', () => {
    expect(readLog('')).toEqual({
      tokenFailures: {},
      templateNotFound: 0,
      withoutIdentity: [],
      refusals: [],
      codes: [],
      deliveries: { refused: 0, accepted: 0 },
    });
    const began = performance.now();
    readLog(`${'tokens/'.repeat(200_000)}\n${'hasIdentity'.repeat(100_000)}`);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
