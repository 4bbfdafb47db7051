import type { ConvexError } from 'convex/values';
import { afterEach, expect, it } from 'vitest';
import { type ClientVersion, createClients } from './clients.ts';
import { api } from './convex/_generated/api.ts';

/** A deployment of `convex/` beside this file, emulated or real. */
export interface ConvexUnderTest {
  readonly url: string;
  readonly siteUrl: string;
  /** Signs a token of a user that the deployment accepts. */
  mintToken(): Promise<string>;
  /** `sub` of that user. */
  readonly subject: string;
}

/** What the real clients rely on, and what therefore holds for the emulator and for Convex itself. */
export function convexContract(version: ClientVersion, convex: () => ConvexUnderTest, { slack = 1 } = {}): void {
  const { connect, overHttp, closeAll } = createClients(version);
  const within = { timeout: 20_000 * slack, interval: 10 };
  // A real deployment remembers: each test has its own documents.
  const fresh = () => crypto.randomUUID();
  afterEach(closeAll);

  it('keeps a query live across two clients', async () => {
    const [writer, reader] = [connect(convex().url), connect(convex().url)];
    const name = fresh();
    const seen: number[] = [];
    reader.onUpdate(api.counters.get, { name }, (value) => seen.push(value));
    await expect.poll(() => seen, within).toEqual([0]);
    expect(await writer.mutation(api.counters.increment, { name })).toBe(1);
    await expect.poll(() => seen, within).toEqual([0, 1]);
  });

  it('answers a mutation only when the client has seen its effect', async () => {
    const client = connect(convex().url);
    const name = fresh();
    let value: number | undefined;
    client.onUpdate(api.counters.get, { name }, (next) => {
      value = next;
    });
    for (let expected = 1; expected <= 5; expected++) {
      await client.mutation(api.counters.increment, { name });
      expect(value).toBe(expected);
    }
  });

  it('runs actions, and what they write is seen', async () => {
    const client = connect(convex().url);
    const body = fresh();
    const bodies: string[][] = [];
    client.onUpdate(api.messages.list, {}, (messages) => bodies.push(messages.map((message) => message.body)));
    await client.action(api.messages.sendViaAction, { body });
    await expect.poll(() => bodies.at(-1)?.[0], within).toBe(body);
  });

  it('carries what a function throws on purpose, and says that it failed', async () => {
    const client = connect(convex().url);
    const error: unknown = await client.mutation(api.messages.refuse, {}).catch((reason: unknown) => reason);
    expect(error).toHaveProperty('data', { code: 'refused', count: 3 });
    expect(Symbol.for('ConvexError') in (error as ConvexError<never>)).toBe(true);
    await expect(client.mutation(api.messages.send, { body: 'hi' })).rejects.toThrow('Server Error');
  });

  it('knows the user of a token, and forgets him without', async () => {
    const { mintToken, subject, url } = convex();
    const client = connect(url);
    const seen: Array<string | null> = [];
    client.onUpdate(api.users.me, {}, (user) => seen.push(user));
    await expect.poll(() => seen.at(-1), within).toBe(null);
    const states: boolean[] = [];
    let tokens = 0;
    const fetchToken = async () => {
      const token = await mintToken();
      tokens++;
      return token;
    };
    client.setAuth(fetchToken, (isAuthenticated) => states.push(isAuthenticated));
    await expect.poll(() => seen.at(-1), within).toBe(subject);
    // The first token is followed by a forced one, which `clearAuth` does not call off: it would sign in again
    // (authentication_manager.ts, convex 1.25 to 1.48).
    await expect.poll(() => tokens, within).toBe(2);
    expect(states.at(-1)).toBe(true);
    expect(await client.mutation(api.messages.send, { body: fresh() })).toEqual(expect.any(String));
    client.client.clearAuth();
    await expect.poll(() => seen.at(-1), within).toBe(null);
  });

  it('tells a client whose token is refused that it is not signed in', async () => {
    const client = connect(convex().url);
    const states: boolean[] = [];
    client.setAuth(
      async () => unsigned,
      (isAuthenticated) => states.push(isAuthenticated),
    );
    await expect.poll(() => states, within).toEqual([false]);
    expect(await client.query(api.users.me, {})).toBe(null);
  });

  it('answers over HTTP, with and without a token', async () => {
    const { mintToken, subject, url } = convex();
    const client = overHttp(url);
    const name = fresh();
    expect(await client.mutation(api.counters.increment, { name })).toBe(1);
    expect(await client.query(api.counters.get, { name })).toBe(1);
    expect(await client.query(api.users.me, {})).toBe(null);
    expect(await client.action(api.messages.sendViaAction, { body: fresh() })).toEqual(expect.any(String));
    client.setAuth(await mintToken());
    expect(await client.query(api.users.me, {})).toBe(subject);
  });

  it('answers a bad token over HTTP with 401 and the reason, whatever is asked for', async () => {
    const client = overHttp(convex().url);
    client.setAuth(unsigned);
    await expect(client.query(api.users.me, {})).rejects.toThrow(/"code":"NoAuthProvider","message":"No auth provider/);
    const response = await fetch(`${convex().url}/api/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${unsigned}`, 'content-type': 'application/json' },
      body: JSON.stringify({ path: 'no:such', args: {} }),
    });
    expect(response.status).toBe(401);
  });

  it('gives pages that follow one another without a gap', async () => {
    const client = overHttp(convex().url);
    const bodies = [fresh(), fresh(), fresh()];
    for (const body of bodies) await client.mutation(api.messages.sendAnonymously, { body });
    const first = await client.query(api.messages.page, { paginationOpts: { numItems: 2, cursor: null } });
    const next = { numItems: 1, cursor: first.continueCursor };
    const second = await client.query(api.messages.page, { paginationOpts: next });
    expect([...first.page, ...second.page].map(({ body }) => body)).toEqual(bodies.toReversed());
    expect(first.isDone).toBe(false);
  });

  it('serves the routes of http.ts', async () => {
    const { mintToken, siteUrl, subject } = convex();
    const posted = await fetch(`${siteUrl}/messages`, { method: 'POST', body: fresh() });
    expect([posted.status, await posted.text()]).toEqual([201, '/messages']);
    const headers = { authorization: `Bearer ${await mintToken()}` };
    expect(await (await fetch(`${siteUrl}/me`, { headers })).json()).toBe(subject);
    expect((await fetch(`${siteUrl}/nowhere`)).status).toBe(404);
  });
}

/** A token of an issuer that nobody knows; its signature is none. */
const unsigned = [
  { alg: 'RS256', kid: 'none', typ: 'JWT' },
  { iss: 'https://issuer.example.com', sub: 'mallory', aud: 'convex', iat: 1_700_000_000, exp: 4_000_000_000 },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('c2lnbmF0dXJl')
  .join('.');
