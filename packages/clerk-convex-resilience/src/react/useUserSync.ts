'use client';
import { useConvex } from 'convex/react';
import { type FunctionArgs, type FunctionReference, type FunctionReturnType, getFunctionName } from 'convex/server';
import { convexToJson, type Value } from 'convex/values';
import { useContext, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { AuthResilienceError } from '../core/errors.ts';
import { AuthRuntimeContext, type AuthView } from './AuthRuntimeContext.ts';
import { createUserSync, type UserSyncState, type UserSyncStore } from './createUserSync.ts';
import { ConfigProblemsContext } from './useAuthHealth.ts';

/** A public mutation that stores the user: `api.users.store`. */
export type StoreUserMutation = FunctionReference<'mutation'>;

export interface UserSyncOptions<Mutation extends StoreUserMutation> {
  /**
   * What the mutation is called with. Other arguments are a reason to call it again. Give them in one place: of components
   * that name the same mutation with different ones, the last to change counts, and for the next user one that is still there. @defaultValue `{}`
   */
  readonly args?: FunctionArgs<Mutation> | undefined;
  /** `false`: it is not called, and the state is `idle`. @defaultValue true */
  readonly enabled?: boolean | undefined;
  /** Gets what the mutation answered, when it has succeeded. Not for what was stored before the component was there. */
  readonly onSynced?: ((userId: FunctionReturnType<Mutation>) => void) | undefined;
}

/** The options may be left out where the mutation takes no arguments. */
type UserSyncRest<Mutation extends StoreUserMutation> =
  Record<string, never> extends FunctionArgs<Mutation>
    ? [options?: UserSyncOptions<Mutation>]
    : [options: UserSyncOptions<Mutation> & { readonly args: FunctionArgs<Mutation> }];

export interface UserSyncActions {
  /** Tries now instead of waiting. Resolves when that attempt is answered, at once where nothing waits. Never rejects. */
  readonly retry: () => Promise<void>;
}

export type UserSyncWithActions<Mutation extends StoreUserMutation = StoreUserMutation> = UserSyncState<
  FunctionReturnType<Mutation>
> &
  UserSyncActions;

/**
 * Has the signed-in user stored in the app's own table: calls the mutation when Convex has confirmed who the user is, once
 * for each user and session, and again when the profile at Clerk or `args` have changed. What fails is tried again, as
 * patiently as a token. Components that name the same mutation share one call.
 *
 * It never calls for a user who has signed out or is being changed, nor with the stand-in that Clerk makes of a user whom
 * it could not load.
 * @throws AuthResilienceError `missing_provider` when there is no provider of this library above
 */
export function useUserSync<Mutation extends StoreUserMutation>(
  mutation: Mutation,
  ...[options = {}]: UserSyncRest<Mutation>
): UserSyncWithActions<Mutation> {
  const { args, enabled = true, onSynced } = options as UserSyncOptions<Mutation>;
  const view = useContext(AuthRuntimeContext);
  const problems = useContext(ConfigProblemsContext);
  const client = useConvex();
  if (!view && !problems) {
    throw new AuthResilienceError(
      'missing_provider',
      'useUserSync was called outside of ConvexClerkProvider. Render that above this component.',
    );
  }
  const name = getFunctionName(mutation);
  const store = useMemo(() => (view && enabled ? storeOf(view, name) : off), [view, enabled, name]);
  const version = args && JSON.stringify(convexToJson(args as Value));
  // The mutation and its arguments are other objects at each render: `name` and `version` stand for them.
  const latest = useRef({ call: nothing, onSynced });
  useEffect(() => {
    latest.current = {
      call: async () => {
        // Convex would keep it until it has a socket again, and run it for whoever is signed in then.
        if (!client.connectionState().isWebSocketConnected) throw new TypeError('Failed to fetch');
        return client.mutation(mutation, args ?? {});
      },
      onSynced,
    };
  });
  useEffect(() => store.use(() => latest.current.call(), version), [store, version]);
  const state = useSyncExternalStore(store.subscribe, store.state, waiting);
  const told = useRef(state);
  useEffect(() => {
    if (state.status === 'synced' && told.current !== state) {
      latest.current.onSynced?.(state.userId as FunctionReturnType<Mutation>);
    }
    told.current = state;
  }, [state]);
  return useMemo(() => ({ ...state, retry: store.retry }), [state, store]) as UserSyncWithActions<Mutation>;
}

/** One for each mutation of a provider, whatever is mounted: what was synced stays synced on the next page. */
const stores = /* @__PURE__ */ new WeakMap<AuthView, Record<string, UserSyncStore>>();
function storeOf(view: AuthView, name: string): UserSyncStore {
  const ofView = stores.get(view) ?? {};
  stores.set(view, ofView);
  ofView[name] ??= createUserSync(view);
  return ofView[name];
}

const idle: UserSyncState = { status: 'idle' };
const waitingForAuth: UserSyncState = { status: 'waiting_for_auth' };
/** On a server. */
const waiting = (): UserSyncState => waitingForAuth;
const nothing = (): Promise<unknown> => Promise.resolve();
const off: UserSyncStore = {
  use: () => nothing,
  subscribe: () => nothing,
  state: () => idle,
  retry: async () => {},
};
