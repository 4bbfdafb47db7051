import type { Fault } from 'clerk-convex-emulators';

/** The two copies of the app: with `ConvexProviderWithClerk`, and with this library. */
export const SIDES = ['plain', 'ours'] as const;
export type Side = (typeof SIDES)[number];

export interface SideSettings {
  publishableKey: string;
  convexUrl: string;
  proxyUrl: string;
}

/** What the demo tells the page, as JSON in VITE_LAB. */
export interface LabSettings {
  tokenLifeSeconds: number;
  email: string;
  password: string;
  sides: Record<Side, SideSettings>;
}

export const readLabSettings = (): LabSettings | undefined => {
  const json = import.meta.env.VITE_LAB;
  return json ? (JSON.parse(json) as LabSettings) : undefined;
};

/** What the user of a frame sees. `blocked`: signed in, and told that somebody has to put something right. */
export type Seen = 'loading' | 'signed_in' | 'refreshing' | 'blocked' | 'signed_out' | 'reloading';

export interface FrameState {
  readonly seen: Seen;
  /** Whether Convex's socket is open. */
  readonly connected: boolean;
  readonly sessionId: string | null;
}

/** From a frame to the page. */
export interface FrameReport {
  readonly kind: 'lab_report';
  readonly side: Side;
  readonly at: number;
  readonly state: FrameState;
}

/** From the page to a frame. `offline` only says that the browser is offline; the emulators drop the connections. */
export type FrameCommand = 'sign_in' | 'sign_out' | 'reload' | 'offline' | 'online';

export interface FrameOrder {
  readonly kind: 'lab_order';
  readonly command: FrameCommand;
}

/** From the page to the demo, for both sides at once. POST /__lab/do */
export interface LabOrder {
  clerk?: Fault[];
  convex?: Fault[];
  /** Life of the tokens that are minted from now on. */
  tokenLifeSeconds?: number;
  /** `aud` of the tokens that are minted from now on. */
  audience?: string;
  /** Sessions to revoke, as from Clerk's dashboard. */
  revoke?: string[];
  /** Ends all faults and puts the settings back. */
  mend?: true;
}

/** What the servers of one side saw since a moment. GET /__lab/stats?since=…&ended=… */
export interface SideStats {
  readonly clerkRequests: number;
  /** Requests to Clerk or Convex that a fault hit. */
  readonly faulted: number;
  /** Token requests that a fault hit. */
  readonly faultedTokens: number;
  /** How often a socket was told who is there, and of these how often the answer was no. */
  readonly authenticates: number;
  readonly refusals: number;
  /** Functions that ran without an identity. */
  readonly anonymousRuns: number;
  /** When Clerk first gave a token again after the fault. */
  readonly goodTokenAt: number | null;
}

export type LabStats = Record<Side, SideStats>;
