import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveHealth } from './health.ts';
import { readClaims } from './jwt.ts';
import { retryPolicies } from './policy.ts';
import { assertSideBySide } from './sideBySide.property.ts';
import { createTestClock } from './testClock.ts';
import { createTestConnectivity } from './testConnectivity.ts';
import { createTokenSource } from './tokenSource.ts';

const numRuns = 2_000;

const network = (): Error => new TypeError('Failed to fetch');
const api = (status: number, code: string): Error =>
  Object.assign(new Error(code), { code: 'api_response_error', status, errors: [{ code }] });
const weathers = {
  fair: null,
  network,
  server: () => api(500, 'internal_clerk_error'),
  busy: () => Object.assign(api(429, 'too_many_requests'), { retryAfter: 20 }),
  misconfigured: () => api(404, 'resource_not_found'),
} as const;
type Weather = keyof typeof weathers | 'null' | 'same';

type Happening =
  | { readonly type: 'ask'; readonly fresh: boolean }
  | { readonly type: 'start'; readonly session: string }
  | { readonly type: 'end' | 'retry' | 'wake' | 'refuse' | 'remount' }
  | { readonly type: 'weather'; readonly weather: Weather; readonly latencyMs: number }
  | { readonly type: 'convex'; readonly accepts: boolean }
  | { readonly type: 'pass'; readonly ms: number };

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant('ask'), fresh: fc.boolean() }),
  fc.record({ type: fc.constant('ask'), fresh: fc.boolean() }),
  fc.record({ type: fc.constant('start'), session: fc.constantFrom('a', 'a', 'b') }),
  fc.record({ type: fc.constantFrom('end', 'retry', 'wake', 'refuse', 'remount') }),
  fc.record({
    type: fc.constant('weather'),
    weather: fc.constantFrom<Weather>('fair', 'fair', 'network', 'server', 'busy', 'misconfigured', 'null', 'same'),
    latencyMs: fc.integer({ min: 0, max: 40_000 }),
  }),
  fc.record({ type: fc.constant('convex'), accepts: fc.boolean() }),
  fc.record({ type: fc.constant('pass'), ms: fc.integer({ min: 1, max: 45_000 }) }),
);

describe('createTokenSource, whatever the weather', () => {
  it('asks once at a time, answers nobody with another session’s token, and is well again when the weather is', async () => {
    await assertSideBySide(
      fc.asyncProperty(fc.array(happenings, { maxLength: 25, size: 'max' }), async (happened) => {
        const clock = createTestClock();
        const connectivity = createTestConnectivity();
        let session: string | null = null;
        let weather: Weather = 'fair';
        let latencyMs = 500;
        let accepts = true;
        let minted = 0;
        /** Before a fresh token has told Clerk's time nobody can say which token has expired. */
        let isClockKnown = false;
        let lastToken: string | null = null;
        const inFlight = new Map<string, number>();
        const problems: string[] = [];
        const waiting = new Set<object>();
        const refused = new Set<string>();

        const mint = (sid: string): string => {
          const iat = Math.floor(clock.now() / 1000);
          const claims = JSON.stringify({ sid, iat, exp: iat + 60, jti: ++minted });
          return `e30.${Buffer.from(claims).toString('base64url')}.signature`;
        };
        const source = createTokenSource({
          clock,
          connectivity,
          policy: retryPolicies.session,
          report: (event) => {
            if (JSON.stringify(event).includes('e30.')) problems.push(`${event.type} names a token`);
          },
          session: () => session ?? '',
          async getToken({ fresh }) {
            const asked = session ?? '';
            inFlight.set(asked, (inFlight.get(asked) ?? 0) + 1);
            if ((inFlight.get(asked) ?? 0) > 1) problems.push('two in flight');
            const now = weather;
            await clock.sleep(latencyMs);
            inFlight.set(asked, (inFlight.get(asked) ?? 0) - 1);
            if (now === 'null') return null;
            if (now === 'same') return lastToken;
            const failure = weathers[now];
            if (failure) throw failure();
            const token = mint(asked);
            isClockKnown ||= fresh;
            return token;
          },
          tryToken: async () => (accepts ? null : { kind: 'clock_skew', retryable: true, source: 'convex' }),
        });
        const ask = (fresh: boolean): void => {
          const one = {};
          const askedIn = session;
          waiting.add(one);
          void source.request({ fresh }).then((token) => {
            waiting.delete(one);
            if (token === null) return;
            if (readClaims(token)?.sid !== askedIn) problems.push('a token of another session');
            if (refused.has(token)) problems.push('a refused token');
            const { exp = 0 } = readClaims(token) ?? {};
            if (isClockKnown && exp * 1000 <= clock.now()) problems.push('an expired token');
            lastToken = token;
          });
        };
        const start = (next: string): void => {
          if (session !== next) lastToken = null;
          session = next;
          source.startSession();
        };
        const play = async (one: Happening): Promise<void> => {
          switch (one.type) {
            case 'ask':
              return ask(one.fresh);
            case 'start':
              return start(one.session);
            case 'end':
              session = null;
              lastToken = null;
              return source.endSession();
            case 'remount':
              source.endSession();
              if (session !== null) source.startSession();
              return;
            case 'retry':
              return source.retry();
            case 'wake':
              return connectivity.wake('online');
            case 'refuse':
              if (session !== null && lastToken !== null) refused.add(lastToken);
              return source.refused();
            case 'weather':
              ({ weather, latencyMs } = one);
              return;
            case 'convex':
              accepts = one.accepts;
              return;
            case 'pass':
              return clock.advance(one.ms);
            default:
              one satisfies never;
          }
        };
        start('a');
        for (const one of happened) {
          await play(one);
          await clock.advance(0);
          if (session === null && waiting.size > 0) problems.push('somebody waits after the end');
        }

        weather = 'fair';
        latencyMs = 100;
        accepts = true;
        start(session ?? 'a');
        ask(true);
        await clock.advance(10 * 60_000);
        expect({ problems, waiting: waiting.size }).toEqual({ problems: [], waiting: 0 });
        ask(true);
        await clock.advance(60_000);
        expect(waiting.size).toBe(0);
        // Nothing has refreshed it for a minute; a moment ago it was good.
        ask(true);
        await clock.advance(5_000);
        source.confirmed();
        expect(deriveHealth(source.trouble(), { status: 'confirmed', since: 0 }).status).toBe('healthy');
        source.endSession();
        await clock.advance(0);
        expect([clock.pendingTimers, connectivity.open.wake]).toEqual([0, 0]);
      }),
      numRuns,
    );
  });
});
