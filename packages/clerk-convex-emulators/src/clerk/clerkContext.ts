import type { DueFault } from '../faults/fault.ts';
import type { Client } from './clerkState.ts';
import type { ClientJsonContext } from './json/clientJson.ts';
import type { ClerkSettings, RuntimeSettings } from './readClerkOptions.ts';

/** What every route may use. */
export interface ClerkContext extends ClientJsonContext {
  readonly settings: ClerkSettings;
  readonly runtime: () => RuntimeSettings;
  readonly issuer: () => string;
}

/** The browser that asks: known by its cookie, or by the dev browser id that a cross-site page sends. */
export interface Browser {
  readonly origin: string | undefined;
  client(): Client | undefined;
  /** Its client; a new one, whose cookie goes out with the answer, when it has none. */
  ensureClient(): Client;
  /** Takes its client away. */
  forget(): void;
}

/** What comes with a request to a Hono route. */
export interface ClerkEnv {
  Bindings: { readonly browser: Browser; readonly fault: DueFault | undefined };
}
