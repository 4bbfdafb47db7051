'use client';
import { Component, type ReactNode } from 'react';
import { authFailureIn } from '../core/authFailureIn.ts';
import type { Clock } from '../core/clock.ts';
import type { AuthFailure } from '../core/failure.ts';
import type { AuthHealth } from '../core/health.ts';

interface AuthBoundaryProps {
  readonly clock: Clock;
  /** Renders the children again when it becomes another. */
  readonly resetKey: string;
  readonly status: () => AuthHealth['status'];
  /** A child threw a failure of auth; null: the children are there again. */
  readonly onCaught: (failure: AuthFailure | null) => void;
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}
interface Caught {
  readonly error: unknown;
}
interface AuthBoundaryState {
  readonly caught: Caught | null;
  readonly resetKey: string;
}

/** The longest wait before the children are rendered again though nothing is known to have changed, in milliseconds. */
const longestMs = 30_000;

/**
 * Somebody whom Convex knows, and to whom it says time and again that nobody is there, is not helped by waiting: the app says
 * that of who may not. So many tries take 15 s.
 */
const mostTries = 4;

/** An error boundary for failures of auth. Every other error passes through it, untouched. */
export class AuthBoundary extends Component<AuthBoundaryProps, AuthBoundaryState> {
  override state: AuthBoundaryState = { caught: null, resetKey: this.props.resetKey };
  /** Decided once for each error: it must not become somebody else's because all is well again. */
  #judged: Caught | null = null;
  #failure: AuthFailure | null = null;
  /** How often in a row, while nothing else has changed; and when last, and under which `resetKey`. */
  #times = 0;
  #at = 0;
  #resetKey = '';
  #undo = (): void => {};

  static getDerivedStateFromError(error: unknown): Partial<AuthBoundaryState> {
    return { caught: { error } };
  }
  static getDerivedStateFromProps({ resetKey }: AuthBoundaryProps, state: AuthBoundaryState): AuthBoundaryState | null {
    return resetKey === state.resetKey ? null : { resetKey, caught: null };
  }
  override componentDidMount(): void {
    // Shown again: a class is unmounted, for all that it can tell, while `<Suspense>` or `<Activity>` hides it, and once in StrictMode.
    if (this.state.caught) this.#tryLater();
  }
  override componentDidCatch(): void {
    this.props.onCaught(this.#failure);
    this.#tryLater();
    this.#times++;
  }
  override componentDidUpdate(_: AuthBoundaryProps, { caught }: AuthBoundaryState): void {
    if (!caught || this.state.caught) return;
    this.#undo();
    this.props.onCaught(null);
  }
  override componentWillUnmount(): void {
    this.#undo();
  }
  override render(): ReactNode {
    const { caught } = this.state;
    if (!caught) return this.props.children;
    if (this.#judged !== caught) {
      this.#judged = caught;
      this.#failure = this.#judge(caught.error);
    }
    if (!this.#failure) throw caught.error;
    return this.props.fallback;
  }

  /** A query of Convex throws what it was answered, until it is answered otherwise. */
  #tryLater(): void {
    this.#undo();
    this.#undo = this.props.clock.setTimer(
      () => this.setState({ caught: null }),
      Math.min(longestMs, 1000 * 2 ** this.#times),
    );
  }

  #judge(error: unknown): AuthFailure | null {
    const { clock, resetKey } = this.props;
    const now = clock.now();
    const status = this.props.status();
    // A query that is asked again loads for a while, and throws then.
    if (resetKey !== this.#resetKey || now - this.#at > 2 * longestMs) this.#times = 0;
    this.#at = now;
    this.#resetKey = resetKey;
    const failure = authFailureIn(error, status);
    const isTheirs = failure?.kind === 'session_ended' && status === 'healthy' && this.#times >= mostTries;
    return isTheirs ? null : failure;
  }
}
