// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { ConvexProvider, type ConvexReactClient } from 'convex/react';
import { type FunctionReference, makeFunctionReference } from 'convex/server';
import { type ReactNode, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestRuntime } from '../testing/testRuntime.ts';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';
import { UserSync, UserSynced } from './UserSync.tsx';
import { ConfigProblemsContext } from './useAuthHealth.ts';
import { useUserSync } from './useUserSync.ts';

const store = makeFunctionReference<'mutation', Record<string, never>, string>('users:store');
const storeNamed = makeFunctionReference<'mutation', { name: string }, string>('users:store');

function setUp(mutation = vi.fn(async (..._: unknown[]): Promise<unknown> => 'id1')) {
  const runtime = createTestRuntime();
  const socket = { isWebSocketConnected: true };
  const client = { mutation, connectionState: () => socket } as unknown as ConvexReactClient;
  const under = (children: ReactNode) => (
    <StrictMode>
      <AuthRuntimeContext.Provider value={runtime}>
        <ConvexProvider client={client}>{children}</ConvexProvider>
      </AuthRuntimeContext.Provider>
    </StrictMode>
  );
  const settle = (): Promise<void> => act(() => runtime.clock.advance(0));
  return { runtime, client, socket, mutation, under, settle };
}
const shown = (): string | null => screen.getByRole('status').textContent;
function Read({ onSynced, enabled }: { onSynced?: (id: string) => void; enabled?: boolean }) {
  const sync = useUserSync(store, { onSynced, enabled });
  return <output>{`${sync.status} ${sync.status === 'synced' ? sync.userId : ''}`.trim()}</output>;
}
const storeCount = makeFunctionReference<'mutation', { count: bigint }, string>('users:store');
function Count({ count, onAnswer }: { count: bigint; onAnswer: (answer: unknown) => void }) {
  onAnswer(useUserSync(storeCount, { args: { count } }));
  return null;
}

afterEach(cleanup);

describe('useUserSync', () => {
  it('stores the user once for all that ask, in StrictMode, and tells each', async () => {
    const { under, settle, mutation } = setUp();
    const onSynced = vi.fn();
    render(
      under(
        <>
          <Read onSynced={onSynced} />
          <UserSync mutation={store} onSynced={onSynced} />
        </>,
      ),
    );
    await settle();
    expect(shown()).toBe('synced id1');
    expect(mutation.mock.calls).toEqual([[store, {}]]);
    expect(onSynced.mock.calls).toEqual([['id1'], ['id1']]);
  });

  it('passes the arguments, and stores again when they are others', async () => {
    const { under, settle, mutation } = setUp();
    const named = (name: string) => under(<UserSync mutation={storeNamed} args={{ name }} />);
    const view = render(named('Ann'));
    await settle();
    view.rerender(named('Ann'));
    await settle();
    view.rerender(named('Bob'));
    await settle();
    expect(mutation.mock.calls.map(([, args]) => args)).toEqual([{ name: 'Ann' }, { name: 'Bob' }]);
  });

  it('takes arguments that JSON cannot say, and answers with the same object until something changes', async () => {
    const { under, settle, mutation } = setUp();
    const answers = new Set<unknown>();
    const counted = () => under(<Count count={1n} onAnswer={(answer) => answers.add(answer)} />);
    const view = render(counted());
    await settle();
    const before = answers.size;
    view.rerender(counted());
    await settle();
    expect([mutation.mock.calls.length, answers.size]).toEqual([1, before]);
  });

  it('stops where it is no longer enabled, and begins anew where it is again', async () => {
    const { under, settle, mutation, runtime } = setUp(vi.fn(async () => Promise.reject(new Error('busy'))));
    const view = render(under(<Read />));
    await settle();
    expect(shown()).toBe('retrying');
    view.rerender(under(<Read enabled={false} />));
    await settle();
    const before = mutation.mock.calls.length;
    await act(() => runtime.clock.advance(120_000));
    expect([shown(), mutation.mock.calls.length, runtime.clock.pendingTimers]).toEqual(['idle', before, 0]);
    mutation.mockResolvedValue('id1');
    view.rerender(under(<Read />));
    await settle();
    expect(shown()).toBe('synced id1');
  });

  it('does nothing where it is not enabled, on a server, and where the app is not configured', async () => {
    const { under, settle, mutation, client } = setUp();
    render(under(<Read enabled={false} />));
    await settle();
    expect(shown()).toBe('idle');
    expect(renderToString(under(<Read />))).toContain('waiting_for_auth');
    cleanup();
    render(
      <ConfigProblemsContext.Provider value={[]}>
        <ConvexProvider client={client}>
          <Read />
        </ConvexProvider>
      </ConfigProblemsContext.Provider>,
    );
    await settle();
    expect([shown(), mutation.mock.calls.length]).toEqual(['idle', 0]);
  });

  it('does not tell of what was stored before, nor overrule arguments by none', async () => {
    const { under, settle, mutation } = setUp();
    const onSynced = vi.fn();
    const page = (more: ReactNode) =>
      under(
        <>
          <UserSync mutation={storeNamed} args={{ name: 'Ann' }} />
          {more}
        </>,
      );
    const view = render(page(null));
    await settle();
    view.rerender(page(<Read onSynced={onSynced} />));
    await settle();
    expect(shown()).toBe('synced id1');
    expect([mutation.mock.calls.length, onSynced.mock.calls]).toEqual([1, []]);
  });

  it('leaves nothing to Convex that would run for whoever is signed in when its socket is back', async () => {
    const { under, settle, mutation, runtime, socket } = setUp();
    socket.isWebSocketConnected = false;
    render(under(<Read />));
    await settle();
    expect([shown(), mutation.mock.calls.length]).toEqual(['retrying', 0]);
    socket.isWebSocketConnected = true;
    await act(() => runtime.clock.advance(400));
    expect(shown()).toBe('synced id1');
  });

  it('says which provider is missing', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { client } = setUp();
    const outside = (children: ReactNode) => () => render(<ConvexProvider client={client}>{children}</ConvexProvider>);
    expect(outside(<Read />)).toThrow(/useUserSync was called outside of ConvexClerkProvider/);
    expect(outside(<UserSynced />)).toThrow(/UserSynced was rendered outside of UserSync/);
    vi.restoreAllMocks();
  });

  it('shows what is below the gate once the user is stored, and keeps it while he is stored again', async () => {
    const { under, settle, mutation, runtime } = setUp();
    mutation.mockRejectedValueOnce(new Error('[CONVEX M(users:store)] Server Error'));
    const app = (name: string) =>
      under(
        <UserSync mutation={storeNamed} args={{ name }}>
          <UserSynced
            fallback={(sync) => (
              <button type="button" onClick={sync.retry}>
                {sync.status}
              </button>
            )}
          >
            <output>inside</output>
          </UserSynced>
        </UserSync>,
      );
    const view = render(app('Ann'));
    await settle();
    expect(screen.getByRole('button').textContent).toBe('retrying');
    act(() => screen.getByRole('button').click());
    await settle();
    expect(shown()).toBe('inside');
    const element = screen.getByRole('status');
    let answer = (_: string): void => {};
    mutation.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    view.rerender(app('Bob'));
    await settle();
    expect(shown()).toBe('inside');
    await act(async () => answer('id1'));
    expect(screen.getByRole('status')).toBe(element);
    await act(async () => runtime.set({ status: 'signed_out' }));
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('asks for arguments where the mutation takes some', () => {
    type Store = FunctionReference<'mutation', 'public', { name: string }, string>;
    const typed = (mutation: Store) => () => {
      // @ts-expect-error the mutation takes a name
      useUserSync(mutation);
      // @ts-expect-error the name is a string
      useUserSync(mutation, { args: { name: 1 } });
      // @ts-expect-error the mutation takes a name
      return <UserSync mutation={mutation} />;
    };
    expect(typed).toBeTypeOf('function');
  });
});
