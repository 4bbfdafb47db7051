import type { AuthHealth, NoticeKind } from 'clerk-convex-resilience';
import type { View } from './App.tsx';

export const clerkMajors = [5, 6] as const;
export type ClerkMajor = (typeof clerkMajors)[number];

export const sides = ['plain', 'resilient'] as const;
/** Plain `ConvexProviderWithClerk`, or ours. */
export type Side = (typeof sides)[number];

/** What the page is told in its query. */
export interface PageSettings {
  readonly major: ClerkMajor;
  readonly side: Side;
  readonly publishableKey: string;
  /** Clerk's Frontend API, as the page reaches it. */
  readonly clerk: string;
  /** The Convex deployment, as the page reaches it. */
  readonly convex: string;
  /** With `AuthErrorHandler` around the app. */
  readonly handler?: 'banner';
}

type AuthState = 'loading' | 'authenticated' | 'refreshing' | 'signed_out';

/** What the page tells, in the order it happened; `at` is in milliseconds since the epoch. */
export type PageRecord = { readonly at: number } & (
  | { readonly kind: 'load' }
  | { readonly kind: 'auth'; readonly state: AuthState }
  | { readonly kind: 'view'; readonly view: View; readonly mounted: boolean }
  | { readonly kind: 'me'; readonly subject: string | null }
  | { readonly kind: 'health'; readonly status: AuthHealth['status'] }
  /** What `AuthErrorHandler` shows from now on, and whether it moved the app. */
  | { readonly kind: 'notice'; readonly notice: NoticeKind | null; readonly movedBy: number }
  | { readonly kind: 'unhandled_rejection'; readonly message: string }
  | { readonly kind: 'event'; readonly type: string; readonly detail: string }
);

/** How a mutation that needs an identity ended. */
export type CallResult = 'ok' | 'not_authenticated' | 'failed' | 'no_answer';
