// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { Activity, type ReactNode, StrictMode, Suspense, use } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestRuntime, type TestRuntime } from '../testing/testRuntime.ts';
import { AuthErrorHandler } from './AuthErrorHandler.tsx';
import { AuthRuntimeContext } from './AuthRuntimeContext.ts';

let runtime: TestRuntime;
beforeEach(() => {
  document.body.replaceChildren();
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  runtime = createTestRuntime({
    status: 'blocked',
    failure: { kind: 'account_blocked', retryable: false, source: 'clerk' },
    since: 0,
  });
});
afterEach(cleanup);

const handler = (): ReactNode => (
  <AuthRuntimeContext.Provider value={runtime}>
    <AuthErrorHandler variant="dialog" />
  </AuthRuntimeContext.Provider>
);
/** A modal dialog makes the page inert, also where `display: none` stands on it or above it. */
const isModal = (): boolean | undefined => document.querySelector('dialog')?.open;
const shown = (): Promise<void> => act(() => runtime.clock.advance(0));

const Late = ({ until }: { until: Promise<void> | null }): ReactNode => {
  if (until) use(until);
  return null;
};

describe('a dialog', () => {
  it('is no modal while <Activity> hides it', async () => {
    const app = (mode: 'visible' | 'hidden'): ReactNode => <Activity mode={mode}>{handler()}</Activity>;
    const { rerender } = render(app('visible'));
    await shown();
    expect(isModal()).toBe(true);
    rerender(app('hidden'));
    expect(isModal()).toBe(false);
    rerender(app('visible'));
    await shown();
    expect(isModal()).toBe(true);
  });

  it('is no modal while <Suspense> hides it', async () => {
    let arrive = (): void => {};
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const app = (until: Promise<void> | null): ReactNode => (
      <Suspense fallback="waiting">
        {handler()}
        <Late until={until} />
      </Suspense>
    );
    const { container, rerender } = render(app(null));
    await shown();
    expect(isModal()).toBe(true);
    await act(async () => rerender(app(late)));
    expect([container.textContent?.includes('waiting'), isModal()]).toEqual([true, false]);
    await act(async () => arrive());
    expect(isModal()).toBe(true);
  });

  it('is a modal in StrictMode', async () => {
    render(<StrictMode>{handler()}</StrictMode>);
    await shown();
    expect(isModal()).toBe(true);
  });
});
