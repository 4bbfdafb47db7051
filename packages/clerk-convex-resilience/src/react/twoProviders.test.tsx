// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { Fragment, type ReactNode, StrictMode } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/eventually.ts';
import {
  createSeen,
  createTestClient,
  createTestProviders,
  type Seen,
  type TestClient,
  type TestProviders,
  turn,
} from '../../../../test/support/providers.tsx';

let page: TestProviders;

beforeEach(() => {
  localStorage.clear();
  page = createTestProviders();
  Object.assign(window, { Clerk: page.clerkJs });
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = '__client_uat=1700000000';
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  Reflect.deleteProperty(window, 'Clerk');
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = '__client_uat=;max-age=0';
});

describe('a sign-out at one of two providers on a page', () => {
  it('is one at the other, too, while Clerk is loading: nothing runs as that user when it has', async () => {
    const [one, two] = [createTestClient(), createTestClient()];
    const [first, second] = [createSeen(), createSeen()];
    render(
      <>
        {page.provider(one, first)}
        {page.provider(two, second)}
      </>,
    );
    await turn();
    await act(async () => void first.health.signOut());
    expect([first, second].map(({ word, health }) => [word, health.status])).toEqual([
      ['out', 'signed_out'],
      ['out', 'signed_out'],
    ]);
    await page.says('sess_1');
    for (let i = 0; i < 3; i++) await turn();
    expect([...one.tokens, ...two.tokens].filter(Boolean)).toEqual([]);
    expect([second.word, second.health.status]).toEqual(['out', 'signed_out']);
  });

  it('is one at both at once in an outage', async () => {
    const [one, two] = [createTestClient(), createTestClient()];
    const [first, second] = [createSeen(), createSeen()];
    await page.says('sess_1');
    render(
      <>
        {page.provider(one, first)}
        {page.provider(two, second)}
      </>,
    );
    await eventually(async () => {
      await turn();
      expect([first.word, second.word]).toEqual(['in', 'in']);
    });
    await act(async () => void first.health.signOut());
    expect([first.word, second.word]).toEqual(['out', 'out']);
    expect([one.isSomebody, two.isSomebody]).toEqual([false, false]);
  });
});

describe.each([
  ['as they are', Fragment],
  ['in StrictMode', StrictMode],
])('two providers of one client, %s', (_mode, Wrap) => {
  let client: TestClient;
  beforeEach(() => {
    client = createTestClient();
  });
  const isIn = (seen: Seen): Promise<void> =>
    eventually(async () => {
      await turn();
      expect([seen.word, seen.health.status, client.isSomebody]).toEqual(['in', 'healthy', true]);
    });

  it.each(['inner', 'outer'])('leave it to the one that stays, where the %s leaves', async (which) => {
    const [stays, leaves] = [createSeen(), createSeen()];
    const app = (both: boolean): ReactNode => (
      <Wrap>
        {which === 'outer' && both && page.provider(client, leaves)}
        {page.provider(client, stays, which === 'inner' && both ? page.provider(client, leaves) : null)}
      </Wrap>
    );
    await page.says('sess_1');
    const { rerender } = render(app(false));
    await isIn(stays);
    rerender(app(true));
    await isIn(leaves);
    rerender(app(false));
    await isIn(stays);
  });

  it('become nobody with the last of them', async () => {
    const [outer, inner] = [createSeen(), createSeen()];
    await page.says('sess_1');
    const { unmount } = render(<Wrap>{page.provider(client, outer, page.provider(client, inner))}</Wrap>);
    await isIn(inner);
    unmount();
    await turn();
    expect(client.isSomebody).toBe(false);
  });

  it('become nobody at a sign-out at either, and stay so', async () => {
    const [outer, inner] = [createSeen(), createSeen()];
    await page.says('sess_1');
    render(<Wrap>{page.provider(client, outer, page.provider(client, inner))}</Wrap>);
    await isIn(inner);
    const before = client.tokens.length;
    await act(async () => void inner.health.signOut());
    expect([outer.word, inner.word, client.isSomebody]).toEqual(['out', 'out', false]);
    for (let i = 0; i < 3; i++) await turn();
    expect([client.isSomebody, client.tokens.slice(before).filter(Boolean)]).toEqual([false, []]);
  });

  it('run nothing as nobody while Clerk loads when either leaves', async () => {
    const stays = createSeen();
    const app = (first: boolean, last: boolean): ReactNode => (
      <Wrap>
        {first && page.provider(client)}
        {page.provider(client, stays)}
        {last && page.provider(client)}
      </Wrap>
    );
    const { rerender } = render(app(true, true));
    await turn();
    rerender(app(true, false));
    await turn();
    rerender(app(false, false));
    await turn();
    expect(client.tokens).toEqual([]);
    await page.says('sess_1');
    await isIn(stays);
    expect(client.tokens).toHaveLength(1);
  });

  it('let it go as nobody when Clerk says that there is nobody', async () => {
    render(<Wrap>{page.provider(client, createSeen(), page.provider(client))}</Wrap>);
    await turn();
    await page.says(null);
    await eventually(async () => {
      await turn();
      expect(client.tokens).toEqual([null]);
    });
  });
});
