'use client';
import { createContext } from 'react';
import type { AuthRuntime } from './authRuntime.ts';

/** The runtime of the nearest provider; null outside of one, and where the app is not configured. */
export const AuthRuntimeContext = createContext<AuthRuntime | null>(null);
