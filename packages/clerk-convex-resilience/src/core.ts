export { type AuthFetchOptions, createAuthFetch } from './core/authFetch.ts';
export { type ClassifyContext, classifyAuthError } from './core/classify.ts';
export {
  type ClerkClientSnapshot,
  type ClerkFetchGuard,
  type ClerkFetchGuardOptions,
  type FetchTarget,
  installClerkFetchGuard,
} from './core/clerkFetchGuard.ts';
export { type Clock, systemClock } from './core/clock.ts';
export {
  browserConnectivity,
  type Channel,
  type Connectivity,
  type PageSignals,
  type WakeReason,
} from './core/connectivity.ts';
export { AuthResilienceError, type AuthResilienceErrorCode } from './core/errors.ts';
export type { AuthEvent, EventFailure, GuardedRequest } from './core/events.ts';
export type { AuthFailure, AuthFailureKind } from './core/failure.ts';
export type { AuthLogger } from './core/milestones.ts';
export { type RetryPolicy, type RetryPolicyOptions, retryPolicies } from './core/policy.ts';
export { isStoreUserError, type StoreUserErrorCode, type StoreUserErrorData } from './core/storeUserError.ts';
export { createTokenRetryFetch, type TokenRetryFetchOptions } from './core/tokenRetryFetch.ts';
