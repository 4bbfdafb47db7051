'use client';
import { createElement, type ReactNode } from 'react';
import { AuthRuntimeContext, type AuthView } from '../react/AuthRuntimeContext.ts';
import { createScript, type Script, type ScriptedAuthOptions } from './createScript.ts';

/**
 * `set`: something has changed; what is not named stays as it is. `state`: as it is now. `calls`: what was asked for so far, in
 * order. `report`: an event has happened, which `AuthDevtools` shows.
 */
export type ScriptedAuth = Pick<Script, 'set' | 'state' | 'calls' | 'report'>;

const views = new WeakMap<ScriptedAuth, AuthView>();

/**
 * Auth whose health you say: for unit tests and stories of an app, without Clerk, Convex or a network.
 *
 * It says nothing to `useConvexAuth` and `useQuery`: those are Convex's own. To test your app on the real clients, take
 * `clerk-convex-emulators`.
 * @defaultValue healthy since now, `clerkStatus: 'ready'`, `isOnline: true`, `claims: null`
 */
export function createScriptedAuth(options: ScriptedAuthOptions = {}): ScriptedAuth {
  const { view, set, state, calls, report } = createScript(options);
  const auth = { set, state, calls, report };
  views.set(auth, view);
  return auth;
}

/** In place of `ConvexClerkProvider`: `useAuthHealth`, `AuthErrorHandler`, `PublicReads` and `AuthDevtools` below it go by the script. */
export function ScriptedAuthProvider(props: { readonly auth: ScriptedAuth; readonly children?: ReactNode }): ReactNode {
  return createElement(AuthRuntimeContext.Provider, { value: views.get(props.auth) ?? null }, props.children);
}
