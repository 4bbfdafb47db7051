// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { Activity, type ReactNode, StrictMode, Suspense, use } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestClock, type TestClock } from '../core/testClock.ts';
import { AuthBoundary } from './AuthBoundary.tsx';

let clock: TestClock;
/** Does Convex refuse the query? */
let isRefused: boolean;
let caught: Array<string | null>;

const Query = (): ReactNode => {
  if (isRefused) throw new Error('[CONVEX Q(users:me)] Uncaught Error: Not authenticated');
  return 'messages';
};
const Late = ({ until }: { until: Promise<void> | null }): ReactNode => {
  if (until) use(until);
  return null;
};
const boundary = (): ReactNode => (
  <AuthBoundary
    clock={clock}
    resetKey=""
    status={() => 'healthy'}
    onCaught={(failure) => caught.push(failure?.kind ?? null)}
    fallback="notice"
  >
    <Query />
  </AuthBoundary>
);
const pass = (ms: number): Promise<void> => act(() => clock.advance(ms));

beforeEach(() => {
  clock = createTestClock();
  isRefused = true;
  caught = [];
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('what stands in place of the children', () => {
  it('goes when they can be rendered again: tried after a second, then after twice as long', async () => {
    const { container } = render(boundary());
    expect(container.textContent).toBe('notice');
    await pass(1000);
    isRefused = false;
    await pass(1999);
    expect(container.textContent).toBe('notice');
    await pass(1);
    expect([container.textContent, caught.at(-1)]).toEqual(['messages', null]);
  });

  it('goes in StrictMode, where they throw as they are mounted', async () => {
    const { container } = render(<StrictMode>{boundary()}</StrictMode>);
    expect(container.textContent).toBe('notice');
    isRefused = false;
    await pass(30_000);
    expect(container.textContent).toBe('messages');
  });

  it('goes though <Suspense> has hidden it meanwhile', async () => {
    let arrive = (): void => {};
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const app = (until: Promise<void> | null): ReactNode => (
      <Suspense fallback="waiting">
        {boundary()}
        <Late until={until} />
      </Suspense>
    );
    const { container, rerender } = render(app(null));
    await act(async () => rerender(app(late)));
    expect(container.textContent).toContain('waiting');
    isRefused = false;
    await act(async () => arrive());
    await pass(30_000);
    expect(container.textContent).toBe('messages');
  });

  it('goes though <Activity> has hidden it for a while, and is not tried meanwhile', async () => {
    const app = (mode: 'visible' | 'hidden'): ReactNode => <Activity mode={mode}>{boundary()}</Activity>;
    const { container, rerender } = render(app('visible'));
    rerender(app('hidden'));
    await pass(60_000);
    expect(caught).toEqual(['session_ended']);
    isRefused = false;
    rerender(app('visible'));
    await pass(30_000);
    expect(container.textContent).toBe('messages');
  });

  it('leaves no timer when it is unmounted', () => {
    render(boundary()).unmount();
    expect(clock.pendingTimers).toBe(0);
  });
});
