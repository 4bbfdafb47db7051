import fc from 'fast-check';
import { expect, it } from 'vitest';
import { installClerkFetchGuard } from './clerkFetchGuard.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createScriptedFetch, type ScriptedAnswer, type ScriptedCall } from './testFetch.ts';

const api = 'https://clerk.app.test/v1';
const query = '__clerk_api_version=2025-11-10&_clerk_js_version=5.128.0';
const json = (body: unknown, status = 200, headers: HeadersInit = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const refused = (status: number, headers?: HeadersInit): Response =>
  json({ errors: [{ code: 'authentication_invalid', message: 'x', long_message: 'x' }] }, status, headers);
const client = {
  object: 'client',
  sessions: ['sess_a', 'sess_b'].map((id) => ({ id, status: 'active' })),
  last_active_session_id: 'sess_a',
};
const good = ({ url }: ScriptedCall): Response =>
  json(url.includes('/tokens') ? { object: 'token', jwt: 'a.b.c' } : { response: client, client: null });

/** What the network does for a while. */
const weathers = {
  fine: good,
  closed: () => new TypeError('Failed to fetch'),
  hangs: (): ScriptedAnswer => 'hang',
  broken: () => refused(500),
  busy: () => refused(429),
  later: () => refused(429, { 'retry-after': '7' }),
  doubts: (call: ScriptedCall) => refused(call.url.includes('/tokens') ? 401 : 500),
  portal: () => new Response('<!doctype html>'),
} satisfies Record<string, (call: ScriptedCall) => ScriptedAnswer>;

const requests = {
  token: ['client/sessions/sess_a/tokens', 'POST'],
  other: ['client/sessions/sess_b/tokens', 'POST'],
  template: ['client/sessions/sess_a/tokens/convex', 'POST'],
  client: ['client', 'GET'],
  touch: ['client/sessions/sess_a/touch', 'POST'],
  environment: ['environment', 'GET'],
  signOut: ['client/sessions/sess_b', 'DELETE'],
} as const satisfies Record<string, readonly [path: string, method: string]>;

const of = <T extends object>(record: T) => fc.constantFrom(...(Object.keys(record) as (keyof T)[]));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('weather' as const), weather: of(weathers) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('send' as const), request: of(requests) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 60_000 }) }) },
  fc.record({ type: fc.constant('setClock' as const), byMs: fc.integer({ min: -3_600_000, max: 3_600_000 }) }),
  fc.record({ type: fc.constantFrom('wake', 'retry', 'end', 'reinstall') }),
);

/** In a second of real time a server answers so often at most; a guard that waits needs a small part of it. */
const mostCalls = 2_000;

it('lets go of everything once faults stop, storms no server and leaves nothing, whatever has happened', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 60 }), async (steps) => {
      const clock = createTestClock();
      const connectivity = createTestConnectivity();
      let weather: keyof typeof weathers = 'fine';
      const wire = createScriptedFetch(clock.now, async (call) => {
        if (wire.calls.length > mostCalls) return 'hang'; // or a storm has no end
        await clock.sleep(20, call.signal ?? undefined);
        return weathers[weather](call);
      });
      const target = { fetch: wire.fetch };
      let guard = installClerkFetchGuard({ clock, connectivity, target });
      const send = (request: keyof typeof requests): Promise<number> => {
        const [path, method] = requests[request];
        return target.fetch(`${api}/${path}?${query}`, { method }).then(
          ({ status }) => status,
          () => 0,
        );
      };
      for (const each of steps) {
        if (each.type === 'weather') weather = each.weather;
        else if (each.type === 'send') void send(each.request);
        else if (each.type === 'pass') await clock.advance(each.ms);
        else if (each.type === 'setClock') clock.setBack(each.byMs);
        else if (each.type === 'wake') connectivity.wake('online');
        else if (each.type === 'retry') guard.retryNow();
        else if (each.type === 'end') guard.endSession('sess_b');
        else {
          guard.uninstall();
          guard = installClerkFetchGuard({ clock, connectivity, target });
        }
      }
      weather = 'fine';
      await clock.advance(61_000);
      let status: number | undefined;
      void send('token').then((it) => {
        status = it;
      });
      await clock.advance(100);
      expect(status).toBe(200);
      expect(wire.calls.length).toBeLessThan(mostCalls);
      guard.uninstall();
      await clock.advance(0);
      expect(connectivity.open).toEqual({ wake: 0, stored: 0, channels: [] });
    }),
    { numRuns: 25, seed: 2, endOnFailure: true },
  );
});
