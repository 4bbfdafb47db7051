// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuthFailure } from '../core/failure.ts';
import { createTestRuntime, type TestRuntime } from '../testing/testRuntime.ts';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';
import { type AuthHealthWithActions, ConfigProblemsContext, useAuthHealth } from './useAuthHealth.ts';

const failure: AuthFailure = { kind: 'network', retryable: true, source: 'browser' };
const recovering = (attempt: number) =>
  ({ status: 'recovering', failure, since: 1, attempt, nextAttemptAt: 2, signedIn: true }) as const;

const below = (runtime: TestRuntime, children: React.ReactNode) => (
  <AuthRuntimeContext.Provider value={runtime}>{children}</AuthRuntimeContext.Provider>
);

interface ReadProps {
  select?: (health: AuthHealthWithActions) => unknown;
  /** Every answer, in the order of renders. */
  into?: unknown[];
}
const whole = (health: AuthHealthWithActions) => health;
function Read({ select = whole, into = [] }: ReadProps) {
  const answer = useAuthHealth(select);
  into.push(answer);
  return <output>{JSON.stringify(answer)}</output>;
}
const status = ({ status }: AuthHealthWithActions) => status;
const shown = (): unknown => JSON.parse(screen.getByRole('status').textContent ?? '');

afterEach(cleanup);

describe('useAuthHealth', () => {
  it('renders a component only when what it reads has changed', () => {
    const runtime = createTestRuntime();
    const [byStatus, byAttempt, all]: [unknown[], unknown[], unknown[]] = [[], [], []];
    const attempt = (health: AuthHealthWithActions) => (health.status === 'recovering' ? health.attempt : 0);
    render(
      below(
        runtime,
        <>
          <Read select={status} into={byStatus} />
          <Read select={attempt} into={byAttempt} />
          <Read into={all} />
        </>,
      ),
    );
    for (const count of [1, 2, 3]) act(() => runtime.set(recovering(count)));
    expect(byStatus).toEqual(['healthy', 'recovering']);
    expect(byAttempt).toEqual([0, 1, 2, 3]);
    expect(all).toHaveLength(4);
  });

  it('lets a component select an object, and renders it once for each health', () => {
    const runtime = createTestRuntime();
    const answers: unknown[] = [];
    render(below(runtime, <Read select={(health) => ({ is: health.status })} into={answers} />));
    act(() => runtime.set(recovering(1)));
    expect(answers).toEqual([{ is: 'healthy' }, { is: 'recovering' }]);
  });

  it('takes the newest select', () => {
    const runtime = createTestRuntime();
    const { rerender } = render(below(runtime, <Read select={status} />));
    rerender(below(runtime, <Read select={(health) => `it is ${health.status}`} />));
    expect(shown()).toBe('it is healthy');
  });

  it('gives the same actions at each render and at each health', () => {
    const runtime = createTestRuntime();
    const seen: unknown[] = [];
    const { rerender } = render(below(runtime, <Read into={seen} />));
    act(() => runtime.set(recovering(1)));
    act(() => runtime.set({ status: 'signed_out' }));
    rerender(below(runtime, <Read into={seen} select={(health) => health} />));
    for (const name of ['retry', 'signOut', 'signIn', 'resetLocalAuth'] as const) {
      expect(new Set((seen as AuthHealthWithActions[]).map((health) => health[name])).size).toBe(1);
    }
  });

  it('has actions that do nothing, and resolve, where there is nothing to do', async () => {
    const seen: unknown[] = [];
    render(
      <ConfigProblemsContext.Provider value={[]}>
        <Read into={seen} />
      </ConfigProblemsContext.Provider>,
    );
    const { retry, signOut, signIn, resetLocalAuth, ...health } = seen.at(-1) as AuthHealthWithActions;
    expect(health.status).toBe('unconfigured');
    await Promise.all([retry(), signOut(), signIn(), resetLocalAuth()]);
  });

  it('is starting on a server', () => {
    expect(renderToString(below(createTestRuntime(), <Read select={status} />))).toContain('starting');
  });

  it('leaves no subscription behind', () => {
    const runtime = createTestRuntime();
    const { unmount } = render(<StrictMode>{below(runtime, <Read />)}</StrictMode>);
    expect(runtime.subscribers).toBe(1);
    unmount();
    expect(runtime.subscribers).toBe(0);
  });
});
