'use client';
import { createContext } from 'react';
import type { AuthEvent } from '../core/events.ts';
import type { AuthFailure } from '../core/failure.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';

/** Why Clerk is not there yet, below an all-in-one provider. */
export interface ClerkScripts {
  failure(): AuthFailure | null;
  /** What was found to be the reason. The same array until it changes. */
  findings(): readonly ReportedFinding[];
  subscribe(listener: () => void): () => void;
  /** What happens to the scripts, which is before there is a provider that could tell of it. */
  onEvent(listener: (event: AuthEvent) => void): () => void;
  readonly retry: () => void;
  /** Clerk has loaded: its scripts need nobody any more. */
  readonly onLoaded: () => void;
}

export const ClerkScriptsContext = createContext<ClerkScripts | null>(null);
