import type { FrameCommand, FrameState, LabOrder, Side } from './protocol.ts';
import { SIDES } from './protocol.ts';
import type { Scenario } from './scenarios.ts';

/** What a run needs of the page. */
export interface LabHands {
  order(body: LabOrder): Promise<void>;
  tell(side: Side, command: FrameCommand): void;
  look(side: Side): FrameState | undefined;
  /** Whether Clerk has given each side a token since that moment. */
  hasFreshTokens(since: number): Promise<boolean>;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  onPrepare(scenario: Scenario): void;
  onFault(scenario: Scenario, startedAt: number): void;
  onMended(endedAt: number): void;
}

/** How long both sides may take to be signed in before a run. */
const READY_WITHIN_MS = 30_000;
/** How long a page may take to get there by itself, or after a reload or a sign-in. */
const PATIENCE_MS = 2_500;

/** Runs a scenario on both sides: brings them to the same start, breaks things, mends them. */
export async function runScenario(scenario: Scenario, hands: LabHands, signal: AbortSignal): Promise<void> {
  hands.onPrepare(scenario);
  await hands.order({ mend: true });
  await signBothIn(hands, signal);
  if (scenario.tokenSecondsLeft) await shortenTokens(scenario.tokenSecondsLeft, hands, signal);

  const startedAt = Date.now();
  hands.onFault(scenario, startedAt);
  for (const step of scenario.steps) {
    await hands.sleep(startedAt + step.atMs - Date.now(), signal);
    if ('frames' in step) for (const side of SIDES) hands.tell(side, step.frames);
    else await hands.order(step.order === 'revoke' ? { revoke: sessions(hands) } : step.order);
  }
  await hands.sleep(startedAt + scenario.durationMs - Date.now(), signal);
  await mend(hands);
  hands.onMended(Date.now());
}

/** Ends whatever is broken. */
export async function mend(hands: Pick<LabHands, 'order' | 'tell'>): Promise<void> {
  await hands.order({ mend: true });
  for (const side of SIDES) hands.tell(side, 'online');
}

/**
 * Brings both sides to where they are signed in and connected. A page that lost its user finds the session again when it
 * is reloaded, if there still is one; else it needs a sign-in. So the two are tried in turn, the likelier one first.
 */
export async function signBothIn(
  hands: Pick<LabHands, 'look' | 'tell' | 'sleep'>,
  signal: AbortSignal,
  first: 'reload' | 'sign_in' = 'reload',
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  const helped: Record<Side, { at: number; command: FrameCommand | undefined }> = {
    plain: { at: Date.now(), command: undefined },
    ours: { at: Date.now(), command: undefined },
  };
  for (;;) {
    const waiting = SIDES.filter((side) => !isReady(hands.look(side)));
    if (waiting.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`Not signed in after ${READY_WITHIN_MS / 1000} s: ${waiting.join(', ')}`);
    for (const side of waiting) {
      const seen = hands.look(side)?.seen;
      const { at, command: before } = helped[side];
      // A page that is on its way gets time to arrive; one that is signed out will not get in by itself.
      const patience = before === undefined && seen === 'signed_out' ? 0 : PATIENCE_MS;
      if (seen === undefined || seen === 'reloading' || Date.now() - at < patience) continue;
      const next = before === undefined ? first : before === 'reload' ? 'sign_in' : 'reload';
      const command = seen === 'signed_out' ? next : 'reload';
      helped[side] = { at: Date.now(), command };
      hands.tell(side, command);
    }
    await hands.sleep(150, signal);
  }
}

const isReady = (state: FrameState | undefined): boolean => state?.seen === 'signed_in' && state.connected;

/** Gives both sides a token that ends soon. Convex's "expired" makes the client fetch it at once. */
async function shortenTokens(tokenLifeSeconds: number, hands: LabHands, signal: AbortSignal): Promise<void> {
  const since = Date.now();
  await hands.order({ tokenLifeSeconds, convex: [{ action: 'auth_error', times: 1 }] });
  for (let tries = 0; tries < 40; tries++) {
    if ((await hands.hasFreshTokens(since)) && SIDES.every((side) => isReady(hands.look(side)))) return;
    await hands.sleep(150, signal);
  }
}

const sessions = (hands: LabHands): string[] =>
  SIDES.map((side) => hands.look(side)?.sessionId).filter((id): id is string => typeof id === 'string');
