import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { Webhook } from 'svix';
import { beforeAll, expect, it } from 'vitest';

// The built `./webhooks` where there are the web's APIs and none of Node's, as on Cloudflare Workers without `nodejs_compat`.

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const webApis = {
  ...{ AbortController, AbortSignal, Blob, DOMException, Headers, ReadableStream, Request, Response, URL },
  ...{ TextDecoder, TextEncoder, Uint8Array, atob, btoa, console, crypto, clearTimeout, setTimeout },
};

let script: string;
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { createClerkWebhookHandler } from 'clerk-convex-resilience/webhooks';`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'webhooks',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['worker', 'browser'],
    logLevel: 'error',
  });
  script = outputFiles[0]?.text ?? '';
});

/** What a handler that was made by this expression answers. */
async function answer(made: string, body: string, by = secret): Promise<unknown> {
  const context = createContext({ ...webApis });
  expect(runInContext('[typeof process, typeof Buffer, typeof require]', context).join()).toBe(
    'undefined,undefined,undefined',
  );
  runInContext(script, context);
  const handle = runInContext(made, context) as (request: Request) => Promise<Response>;
  const [id, now] = ['msg_1', new Date()];
  const response = await handle(
    new Request('https://app.example.com/webhooks', {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'svix-id': id,
        'svix-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'svix-signature': new Webhook(by).sign(id, now, body),
      },
    }),
  );
  return [response.status, await response.json()];
}

const event = JSON.stringify({ type: 'user.created', object: 'event', data: { id: 'user_ada' } });
const withSecret = `webhooks.createClerkWebhookHandler({ secrets: '${secret}', logger: null, on: { 'user.created': () => {} } })`;

it.each([
  ['a valid delivery is handled', withSecret, event, secret, [200, { code: 'handled' }]],
  [
    'a forged one is refused',
    withSecret,
    event,
    'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    [400, { code: 'bad_signature' }],
  ],
  [
    'without a secret, and without an environment to look for one, it says so',
    'webhooks.createClerkWebhookHandler({ logger: null, on: {} })',
    event,
    secret,
    [500, { code: 'not_configured' }],
  ],
])('%s', async (_, made, body, by, expected) => {
  expect(await answer(made, body, by)).toEqual(expected);
});
