// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { Activity, Fragment, type ReactNode, StrictMode } from 'react';
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
let client: TestClient;
let seen: Seen;

beforeEach(async () => {
  localStorage.clear();
  page = createTestProviders();
  client = createTestClient();
  seen = createSeen();
  Object.assign(window, { Clerk: page.clerkJs });
  await page.says('sess_1');
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  Reflect.deleteProperty(window, 'Clerk');
});

const isIn = (): Promise<void> =>
  eventually(async () => {
    await turn();
    expect([seen.word, seen.health.status, client.isSomebody]).toEqual(['in', 'healthy', true]);
  });

describe.each([
  ['as it is', Fragment],
  ['in StrictMode', StrictMode],
])('a provider that <Activity> hides for a while, %s', (_mode, Wrap) => {
  const app = (mode: 'visible' | 'hidden'): ReactNode => (
    <Wrap>
      <Activity mode={mode}>{page.provider(client, seen)}</Activity>
    </Wrap>
  );

  it('has its user again when it is shown again', async () => {
    const { rerender } = render(app('visible'));
    await isIn();
    rerender(app('hidden'));
    await turn();
    expect(client.isSomebody).toBe(false);
    rerender(app('visible'));
    await isIn();
  });

  it('tells of no session that has ended where the user signed out meanwhile', async () => {
    page.clerkJs.signOut = async () => {
      page.clerkJs.client = { sessions: [] };
      page.clerk.set({ isSignedIn: false, sessionId: null });
    };
    const { rerender } = render(app('visible'));
    await isIn();
    rerender(app('hidden'));
    await turn();
    await act(async () => page.clerkJs.signOut?.());
    rerender(app('visible'));
    await eventually(async () => {
      await turn();
      expect(seen.word).toBe('out');
    });
    expect(seen.health).toMatchObject({ status: 'signed_out' });
    expect(seen.health).not.toHaveProperty('failure');
  });
});
