import './dom.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { act, cleanup, render } from '@testing-library/react';
import { ConvexClerkProvider, PublicReads } from 'clerk-convex-resilience';
import { ConvexReactClient, useMutation, usePaginatedQuery, useQuery } from 'convex/react';
import { makeFunctionReference, type PaginationOptions, type PaginationResult } from 'convex/server';
import { type ReactNode, StrictMode, useLayoutEffect } from 'react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { noAccident } from '../../../scripts/noAccident.mjs';
import { emulatorForTests } from '../convexFixture/emulatorForTests.ts';
import { createScriptedClerk, type ScriptedClerk } from './scriptedClerk.ts';

// A page that loads while no token can be had, with the real Convex client: what anybody may see is there meanwhile.

interface Message {
  readonly body: string;
}
const list = makeFunctionReference<'query', Record<string, never>, Message[]>('messages:list');
const page = makeFunctionReference<'query', { paginationOpts: PaginationOptions }, PaginationResult<Message>>(
  'messages:page',
);
const me = makeFunctionReference<'query'>('users:me');
const store = makeFunctionReference<'mutation'>('users:store');

const suite = emulatorForTests();
Object.assign(globalThis, { WebSocket }); // the second client is made by the library, as in a browser

let client: ConvexReactClient;
let clerk: ScriptedClerk;
/** Gives Clerk's token, which is on its way until then. */
let giveToken: () => void;
/** What comes of the mutation that the page sends at once. */
let stored: Promise<string>;
const seen: Record<'list' | 'page' | 'me', string[]> = { list: [], page: [], me: [] };
let mounts: number;

beforeEach(async () => {
  for (const log of Object.values(seen)) log.length = 0;
  mounts = 0;
  // biome-ignore lint/suspicious/noDocumentCookie: the way a page keeps it
  document.cookie = '__client_uat=1';
  const answered = new Promise<void>((resolve) => (giveToken = resolve));
  clerk = createScriptedClerk(() => answered.then(() => suite.issuer.mint({ sub: 'user_1' })));
  client = new ConvexReactClient(suite.emulator.url, { unsavedChangesWarning: false, logger: false });
  for (const body of ['one', 'two'])
    await suite.post('/api/mutation', { path: 'messages:sendAnonymously', args: { body }, format: 'json' });
});
afterEach(async () => {
  cleanup();
  await client.close();
});

function Page() {
  const messages = useQuery(list);
  const { results, status } = usePaginatedQuery(page, {}, { initialNumItems: 1 });
  const who = useQuery(me);
  const send = useMutation(store);
  useLayoutEffect(() => {
    mounts++;
    stored = send({}).then(
      () => 'stored',
      () => 'refused',
    );
  }, [send]);
  useLayoutEffect(() => void seen.list.push(messages ? `${messages.length}` : '-'), [messages]);
  useLayoutEffect(() => void seen.page.push(`${results.length} ${status}`), [results, status]);
  useLayoutEffect(() => void seen.me.push(who === undefined ? '-' : String(who)), [who]);
  return null;
}
const app = (
  children: ReactNode = (
    <PublicReads>
      <Page />
    </PublicReads>
  ),
) => (
  <ConvexClerkProvider client={client} useAuth={clerk.useAuth}>
    {children}
  </ConvexClerkProvider>
);
const clerkSays = (next: Parameters<ScriptedClerk['set']>[0]) => act(async () => clerk.set(next));
async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !condition(); await sleep(10)) {
    if (Date.now() > end) throw new Error(`not within 10 s: ${condition}; seen ${JSON.stringify(seen)}`);
  }
}
/** Which sync session ran what as nobody. */
const asNobody = () =>
  suite.emulator.runs.filter(({ identity, session }) => identity === null && session !== undefined);

it('shows what is public while no token can be had, and the user’s own answers after, without a gap or a mount', async () => {
  render(app());
  await clerkSays({ isLoaded: true, isSignedIn: true, sessionId: 'sess_1' });
  await until(() => seen.list.at(-1) === '2' && seen.page.at(-1) === '1 CanLoadMore');
  await sleep(300);
  expect(suite.emulator.openSockets).toBe(2);
  expect(new Set(asNobody().map(({ kind }) => kind))).toEqual(new Set(['query']));
  expect(new Set(asNobody().map(({ session }) => session)).size).toBe(1);
  const public_ = asNobody().length;

  giveToken();
  await until(() => seen.me.at(-1) === 'user_1');
  expect(await stored).toBe('stored');
  await until(() => suite.emulator.openSockets === 1);
  expect(asNobody(), noAccident).toHaveLength(public_);
  expect(seen.list).toEqual(['-', '2', '2']); // nobody's, then the user's
  expect(new Set(seen.page.slice(seen.page.indexOf('1 CanLoadMore')))).toEqual(new Set(['1 CanLoadMore']));
  expect(seen.me).toEqual(['-', 'null', 'user_1']);
  expect(mounts).toBe(1);
  // Whatever is subscribed to from now on is the user's.
  const runs = suite.emulator.runs.filter(({ kind, path }) => kind === 'mutation' && path === 'users:store');
  expect(runs.map(({ identity }) => identity)).toEqual(['user_1']);
});

it('shows nothing of it where it is not asked for', async () => {
  render(app(<Page />));
  await clerkSays({ isLoaded: true, isSignedIn: true, sessionId: 'sess_1' });
  await sleep(500);
  expect(seen.list).toEqual(['-']);
  expect(asNobody(), noAccident).toEqual([]);
  expect(suite.emulator.openSockets).toBe(1);
  giveToken();
  await until(() => seen.list.at(-1) === '2');
});

it('opens no second socket for a visitor without a sign of a session', async () => {
  // biome-ignore lint/suspicious/noDocumentCookie: the way a page keeps it
  document.cookie = '__client_uat=0';
  render(app());
  await until(() => seen.list.at(-1) === '2');
  expect(suite.emulator.openSockets).toBe(1);
  expect(await stored).toBe('refused');
});

it('closes the second socket when it turns out that there is nobody, in StrictMode too', async () => {
  render(<StrictMode>{app()}</StrictMode>);
  await until(() => seen.list.at(-1) === '2');
  expect(suite.emulator.openSockets).toBe(2);
  await clerkSays({ isLoaded: true, isSignedIn: false, sessionId: null });
  await until(() => suite.emulator.openSockets === 1);
  expect(seen.list.lastIndexOf('-')).toBeLessThan(seen.list.indexOf('2'));
});

it('closes the second socket when it is unmounted', async () => {
  const view = render(app());
  await until(() => seen.list.at(-1) === '2');
  view.unmount();
  await until(() => suite.emulator.openSockets === 1);
});
