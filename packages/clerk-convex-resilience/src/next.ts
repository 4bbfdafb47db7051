// The entry "./next": the middleware's guard, and what a server component, a route handler or a server action needs.
export type { Clock } from './core/clock.ts';
export { AuthResilienceError, type AuthResilienceErrorCode } from './core/errors.ts';
export type { AuthFailure, AuthFailureKind } from './core/failure.ts';
export type { AuthMessages } from './locales/messages.ts';
export { ClerkConfigGuard, type ClerkConfigGuardProps } from './react/bindings/next/ClerkConfigGuard.tsx';
export type { GuardErrorReport } from './server/next/createGuardReport.ts';
export type { GuardRoutes } from './server/next/createRoutes.ts';
export {
  createServerConvex,
  type ServerCallOptions,
  type ServerConvex,
  type ServerConvexOptions,
} from './server/next/createServerConvex.ts';
export { getServerToken, type ServerTokenOptions } from './server/next/getServerToken.ts';
export {
  type ActionFailure,
  type ActionResult,
  type GuardActionOptions,
  guardAction,
} from './server/next/guardAction.ts';
export type { GuardLogger, GuardLogLine } from './server/next/guardLog.ts';
export { type RequestBudget, startRequestBudget } from './server/next/requestBudget.ts';
export { type ClerkGuard, type ClerkGuardOptions, withClerkGuard } from './server/next/withClerkGuard.ts';
