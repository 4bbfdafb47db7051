'use client';
import { createContext } from 'react';
import type { PageActions, PageSignals } from '../core/connectivity.ts';
import type { AuthRuntime } from './authRuntime.ts';

/** What the components below a provider take of its runtime. */
export interface AuthView
  extends Pick<
    AuthRuntime,
    | 'clock'
    | 'clerkStatus'
    | 'health'
    | 'subscribe'
    | 'retry'
    | 'signOut'
    | 'signIn'
    | 'resetLocalAuth'
    | 'onEvent'
    | 'inspect'
    | 'policy'
    | 'report'
    | 'profile'
    | 'onProfile'
    | 'reloadProfile'
    | 'renewToken'
    | 'logger'
    | 'development'
  > {
  readonly connectivity: Pick<PageSignals, 'isOnline' | 'isHidden' | 'onWake'>;
  readonly page: Pick<PageActions, 'onRejection' | 'reload'>;
  readonly facade: Pick<AuthRuntime['facade'], 'isHeld' | 'rearm'>;
  readonly source: Pick<AuthRuntime['source'], 'refused'>;
  readonly signOuts: Pick<AuthRuntime['signOuts'], 'pending'>;
}

/** The runtime of the nearest provider; null outside of one, and where the app is not configured. */
export const AuthRuntimeContext = createContext<AuthView | null>(null);
