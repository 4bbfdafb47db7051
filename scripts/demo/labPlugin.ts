import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Plugin } from 'vite';
import { type LabOrder, type LabStats, SIDES, type Side } from '../../examples/vite-app/src/lab/protocol.ts';
import { convexTemplate, type EmulatorPair } from './emulatorPair.ts';
import { sideStats } from './sideStats.ts';

/** Lets the lab page command both of its pairs of emulators at once, and read what they counted. */
export const labPlugin = (pairs: Record<Side, EmulatorPair>): Plugin => ({
  name: 'lab',
  configureServer(server) {
    server.middlewares.use('/__lab', (request, response) => {
      answer(pairs, request)
        .then((body) => {
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify(body));
        })
        .catch((error: unknown) => {
          response.statusCode = 400;
          response.end(error instanceof Error ? error.message : String(error));
        });
    });
  },
});

async function answer(pairs: Record<Side, EmulatorPair>, request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/do' && request.method === 'POST') {
    const order = JSON.parse(await text(request)) as LabOrder;
    for (const side of SIDES) obey(pairs[side], order);
    return {};
  }
  if (pathname === '/stats') {
    const since = Number(searchParams.get('since'));
    const ended = searchParams.has('ended') ? Number(searchParams.get('ended')) : null;
    return Object.fromEntries(SIDES.map((side) => [side, sideStats(pairs[side], since, ended)])) as LabStats;
  }
  throw new Error(`The lab knows POST /do and GET /stats, not ${request.method} ${pathname}.`);
}

function obey(pair: EmulatorPair, order: LabOrder): void {
  const { clerk, convex } = pair;
  if (order.mend) pair.mend();
  if (order.tokenLifeSeconds !== undefined) clerk.configure({ tokenLifeSeconds: order.tokenLifeSeconds });
  if (order.audience !== undefined) clerk.configure({ jwtTemplates: convexTemplate(order.audience) });
  for (const fault of order.clerk ?? []) clerk.faults.add(fault);
  for (const fault of order.convex ?? []) convex.faults.add(fault);
  for (const id of order.revoke ?? []) if (clerk.isSessionActive(id)) clerk.revokeSession(id);
}
