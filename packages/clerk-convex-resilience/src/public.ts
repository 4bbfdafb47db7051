// What ".", "./clerk-react" and "./react" have in common; each adds its own `ConvexClerkProvider`.
export { type AuthFetchOptions, createAuthFetch } from './core/authFetch.ts';
export { classifyAuthError } from './core/classify.ts';
export { AuthResilienceError, type AuthResilienceErrorCode } from './core/errors.ts';
export type { AuthEvent } from './core/events.ts';
export type { AuthFailure, AuthFailureKind } from './core/failure.ts';
export type { AuthHealth, ConfigProblem } from './core/health.ts';
export type { AuthLogger } from './core/milestones.ts';
export type { Notice, NoticeAction, NoticeKind } from './core/noticeOf.ts';
export { type RetryPolicy, type RetryPolicyOptions, retryPolicies } from './core/policy.ts';
export { createTokenRetryFetch, type TokenRetryFetchOptions } from './core/tokenRetryFetch.ts';
export type {
  Finding,
  FindingArgs,
  FindingCode,
  FindingSeverity,
  RedactedFinding,
  ReportedFinding,
} from './diagnosis/findings.ts';
export type { AuthMessages, Countdown } from './locales/messages.ts';
export {
  AuthErrorHandler,
  type AuthErrorHandlerProps,
  type AuthNoticeButtonProps,
  type AuthNoticeComponents,
  type AuthNoticePart,
} from './react/AuthErrorHandler.tsx';
export type { ConvexClerkProviderOptions } from './react/ConvexClerkProvider.tsx';
export type { ClerkAuth, ClerkLike, UseClerkAuth } from './react/clerkTypes.ts';
export type { UserSyncState } from './react/createUserSync.ts';
export type { AuthNoticeState } from './react/NoticePanel.tsx';
export { PublicReads } from './react/PublicReads.tsx';
export { UserSync, UserSynced, type UserSyncedProps, type UserSyncProps } from './react/UserSync.tsx';
export { type AuthHealthActions, type AuthHealthWithActions, useAuthHealth } from './react/useAuthHealth.ts';
export {
  type StoreUserMutation,
  type UserSyncActions,
  type UserSyncOptions,
  type UserSyncWithActions,
  useUserSync,
} from './react/useUserSync.ts';
