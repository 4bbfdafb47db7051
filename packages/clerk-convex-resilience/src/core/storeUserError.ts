import type { AuthFailureKind } from './failure.ts';

/**
 * Why `storeUser` of `./convex` has refused. `NO_IDENTITY`: the call came without a token that Convex accepts.
 * `WRONG_PROVIDER`: the identity is not of the Clerk instance. `USER_DELETED`: Clerk has told that the user was deleted.
 */
export type StoreUserErrorCode = 'NO_IDENTITY' | 'WRONG_PROVIDER' | 'USER_DELETED';

/** `data` of the `ConvexError` that `storeUser` throws: it reaches the client as it is, also from production. */
export type StoreUserErrorData = {
  readonly source: 'clerk-convex-resilience';
  readonly code: StoreUserErrorCode;
  /** What is wrong, and what to do. For developers. */
  readonly message: string;
};

export type StoreUserError = Error & { readonly data: StoreUserErrorData };

/** What each means to a client. Nobody waits away the last two. */
export const storeUserErrorKinds: Readonly<Record<StoreUserErrorCode, AuthFailureKind>> = {
  NO_IDENTITY: 'unknown',
  WRONG_PROVIDER: 'misconfigured',
  USER_DELETED: 'account_blocked',
};

/** Whether what a mutation has thrown is a refusal of `storeUser`, on a server or a client. By its data, not its class. */
export function isStoreUserError(error: unknown): error is StoreUserError {
  const { data } = (error ?? {}) as { readonly data?: Partial<StoreUserErrorData> | null };
  return data?.source === 'clerk-convex-resilience' && Object.hasOwn(storeUserErrorKinds, `${data.code}`);
}
