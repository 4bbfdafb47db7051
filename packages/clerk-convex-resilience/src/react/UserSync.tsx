'use client';
import type { FunctionArgs } from 'convex/server';
import { createContext, type ReactNode, useContext } from 'react';
import { AuthResilienceError } from '../core/errors.ts';
import { type StoreUserMutation, type UserSyncOptions, type UserSyncWithActions, useUserSync } from './useUserSync.ts';

export type UserSyncProps<Mutation extends StoreUserMutation> = Omit<UserSyncOptions<Mutation>, 'args'> & {
  /** The mutation that stores the user: `api.users.store`. */
  readonly mutation: Mutation;
  readonly children?: ReactNode;
} & (Record<string, never> extends FunctionArgs<Mutation>
    ? { readonly args?: FunctionArgs<Mutation> }
    : { readonly args: FunctionArgs<Mutation> });

const UserSyncContext = createContext<UserSyncWithActions | null>(null);

/**
 * `useUserSync` as a component. Renders its children whatever comes of it; `UserSynced` below it waits.
 * @throws AuthResilienceError `missing_provider` when there is no provider of this library above
 */
export function UserSync<Mutation extends StoreUserMutation>(props: UserSyncProps<Mutation>): ReactNode {
  const { mutation, children, ...options } = props;
  const sync = useUserSync(mutation, ...([options] as never));
  return <UserSyncContext.Provider value={sync}>{children}</UserSyncContext.Provider>;
}

export interface UserSyncedProps {
  /**
   * What stands in for the children, also for a visitor (`idle`) and when it has `failed`: a node, or a function of the
   * state, which may say what is wrong and offer `retry`.
   * @defaultValue nothing
   */
  readonly fallback?: ReactNode | ((sync: UserSyncWithActions) => ReactNode);
  readonly children?: ReactNode;
}

/**
 * Renders its children once the user of the `UserSync` above is stored, and keeps them while it is stored again.
 * @throws AuthResilienceError `missing_provider` when there is no `UserSync` above
 */
export function UserSynced({ fallback, children }: UserSyncedProps): ReactNode {
  const sync = useContext(UserSyncContext);
  if (!sync) {
    throw new AuthResilienceError(
      'missing_provider',
      'UserSynced was rendered outside of UserSync. Render <UserSync mutation={api.users.store}> above it.',
    );
  }
  if ('userId' in sync) return children;
  return typeof fallback === 'function' ? fallback(sync) : fallback;
}
