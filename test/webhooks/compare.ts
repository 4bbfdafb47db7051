#!/usr/bin/env tsx
// A verified delivery beside @clerk/backend's verifyWebhook and svix: verdicts, time and bytes, in one run.
//   pnpm bench:webhooks
import { gzipSync } from 'node:zlib';
import { verifyWebhook } from '@clerk/backend/webhooks';
import { build } from 'esbuild';
import { Webhook } from 'svix';
import { createClerkWebhookHandler } from '../../packages/clerk-convex-resilience/src/server/webhooks/createClerkWebhookHandler.ts';
import { compareVerdicts } from '../../packages/clerk-convex-resilience/src/server/webhooks/peers.property.ts';
import {
  eventBody,
  secret,
  signedHeaders,
} from '../../packages/clerk-convex-resilience/src/server/webhooks/testDelivery.ts';

const library = new URL('../../packages/clerk-convex-resilience', import.meta.url).pathname;

const handle = createClerkWebhookHandler({ secrets: secret, on: { '*': () => {} }, logger: null });
const svix = new Webhook(secret);

/** From a request, or from bytes and headers, to a verdict. Svix knows no requests, and does not parse the body. */
const verifiers: Record<string, (delivery: Delivery) => unknown> = {
  ours: async ({ request }) => {
    if (!(await handle(request())).ok) throw new Error('refused');
  },
  '@clerk/backend': ({ request }) => verifyWebhook(request(), { signingSecret: secret }),
  svix: async ({ request, headers }) => svix.verify(Buffer.from(await request().arrayBuffer()), headers),
};

interface Delivery {
  readonly request: () => Request;
  readonly headers: Record<string, string>;
}

function deliveryOf(bytes: number): Delivery {
  const body = eventBody('user.updated', {
    id: 'user_1',
    updated_at: 1,
    public_metadata: { text: 'é'.repeat(bytes / 2) },
  });
  const headers = signedHeaders({ at: Date.now(), body });
  return { headers, request: () => new Request('https://app.example.com', { method: 'POST', headers, body }) };
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN;

/** Microseconds for one verification: medians of rounds in which they take turns, so that a busy machine slows all of them. */
async function timesOf(delivery: Delivery, rounds: number, calls: number): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, verify] of Object.entries(verifiers)) {
      const startedAt = performance.now();
      for (let call = 0; call < calls; call++) await verify(delivery);
      const time = ((performance.now() - startedAt) / calls) * 1000;
      // The first rounds are the compiler's.
      if (round > 2) times[name] = [...(times[name] ?? []), time];
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

/** Bytes of an import in a bundle, minified and gzipped, with all that it brings. */
async function bytesOf(code: string, external: string[] = []): Promise<number> {
  const stdin = { contents: code, resolveDir: library, loader: 'ts' as const };
  const result = await build({ stdin, bundle: true, minify: true, format: 'esm', write: false, external });
  return gzipSync(result.outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

function print(title: string, unit: string, values: Record<string, number>): void {
  console.log(`\n${title}`);
  for (const [name, value] of Object.entries(values)) {
    const ratio = (value / (values.ours ?? Number.NaN)).toFixed(2);
    console.log(`  ${name.padEnd(16)} ${value.toFixed(0).padStart(7)} ${unit}  ${ratio} x ours`);
  }
}

// Held, so that no delivery becomes too old between two verdicts.
const { now } = Date;
const at = now() - (now() % 1000);
Date.now = () => at;
const { accepted, refused } = await compareVerdicts(3_000, Math.random, at);
Date.now = now;
console.log(
  `the same verdict of all three on ${accepted} deliveries that were accepted and ${refused} that were refused`,
);

for (const [kilobytes, rounds, calls] of [
  [2, 23, 200],
  [64, 13, 20],
  [1_000, 9, 2],
] as const) {
  print(`one delivery of ${kilobytes} kB, verified`, 'µs', await timesOf(deliveryOf(kilobytes * 1000), rounds, calls));
}
print('bytes in a bundle, gzipped', 'B', {
  ours: await bytesOf(`export { createClerkWebhookHandler } from './src/webhooks.ts'`),
  '@clerk/backend': await bytesOf(`export { verifyWebhook } from '@clerk/backend/webhooks'`),
  svix: await bytesOf(`export { Webhook } from '../../node_modules/svix'`),
  standardwebhooks: await bytesOf(`export { Webhook } from 'standardwebhooks'`),
});
