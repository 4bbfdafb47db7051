import { authFailureIn } from './authFailureIn.ts';
import type { Clock } from './clock.ts';
import type { PageActions, PageSignals } from './connectivity.ts';
import type { AuthFailure } from './failure.ts';
import { type AuthHealth, needsAPerson } from './health.ts';
import { backOnline, type Notice, type NoticeEvidence, type NoticeKind, noticeOf } from './noticeOf.ts';
import { sameFields } from './sameFields.ts';

export interface NoticeWatchOptions {
  readonly clock: Clock;
  readonly connectivity: Pick<PageSignals, 'isOnline'>;
  readonly page: Pick<PageActions, 'onRejection'>;
  readonly health: () => AuthHealth;
  readonly subscribe: (listener: () => void) => () => void;
  readonly clerkStatus: () => string | undefined;
  /** Convex's socket. Asked only while somebody is signed in: a client that nobody has used yet opens it when asked. */
  readonly socket: {
    isLost(): boolean;
    /** It is open, and everything that was outstanding has been answered since. */
    isSynced(): boolean;
    subscribe(listener: () => void): (() => void) | undefined;
  };
  readonly showAfterMs: () => number;
}

/** What is to be seen at the moment. */
interface NoticeView {
  readonly notice: Notice | null;
  /** Whole seconds until the next attempt; 0: at this moment; null: not known. */
  readonly seconds: number | null;
}

/**
 * Looks at the health, the socket and the clock, and says what is to be shown. Well is free: it holds its subscriptions and
 * no timer, and tells nobody anything; while something is wrong it looks once a second.
 */
export interface NoticeWatch {
  /** The same object until it changes. */
  view(): NoticeView;
  /** On a server, and until the page has been hydrated. */
  atFirst(): NoticeView;
  /** Looks for as long as somebody listens. */
  subscribe(listener: () => void): () => void;
  /** A child threw this; null: the children are rendered again. */
  caught(failure: AuthFailure | null): void;
  /** Not this one any more, until there is another. */
  dismiss(): void;
}

/** A socket that opens and is closed again has not come back: only what has synced, or stays open for so long, in milliseconds. */
const steadyMs = 3_000;
/** For how long it is said that all is well again, in milliseconds. */
const backOnlineMs = 3_000;

/** For so long a rejection that nobody handled counts, where nothing else is wrong, in milliseconds. */
const rejectedMs = 30_000;

const passing: ReadonlySet<NoticeKind> = new Set([
  'recovering',
  'offline',
  'clerk_unreachable',
  'convex_unreachable',
  'overloaded',
]);
/** What is to be seen of it but for when it is tried again. */
const bare = (notice: Notice): object => ({ ...notice, actions: notice.actions.length, nextAttemptAt: 0 });
const nothing: NoticeView = { notice: null, seconds: null };

export function createNoticeWatch(options: NoticeWatchOptions): NoticeWatch {
  const { clock, connectivity, socket } = options;
  const listeners = new Set<() => void>();
  let view = nothing;
  let status: AuthHealth['status'] | null = null;
  let since = 0;
  let socketLostAt: number | null = null;
  let socketOpenAt: number | null = null;
  let wasOffline = false;
  let thrown: NoticeEvidence['caught'] = null;
  let rejected: NoticeEvidence['caught'] = null;
  let dismissed: NoticeKind | null = null;
  let undoTimer = (): void => {};
  let undoSocket: (() => void) | undefined;

  function look(): void {
    undoTimer();
    const now = clock.now();
    const health = options.health();
    if (health.status !== status) {
      status = health.status;
      since = now;
      rejected = null;
    }
    // A clock that was set back: nothing began in the future.
    since = Math.min(since, now);
    socketLostAt &&= Math.min(socketLostAt, now);
    socketOpenAt &&= Math.min(socketOpenAt, now);
    if (rejected && Math.abs(now - rejected.at) >= rejectedMs) rejected = null;
    const signedIn = status === 'healthy' || status === 'recovering' || status === 'blocked';
    if (signedIn) undoSocket ??= socket.subscribe(socketChanged);
    if (signedIn) lookAtSocket(now);
    else socketLostAt = null;
    const isOnline = connectivity.isOnline();
    wasOffline = !isOnline || (wasOffline && isUp());
    const next = noticeOf({
      health,
      since,
      now,
      showAfterMs: options.showAfterMs(),
      clerkStatus: options.clerkStatus(),
      isOnline,
      wasOffline,
      // One that is open keeps up what is shown, and is no reason to show it.
      socketLostAt: isUp() || socketOpenAt === null ? socketLostAt : null,
      caught: thrown ?? rejected,
    });
    const wasDismissed = dismissed !== null;
    if (next?.kind !== dismissed) dismissed = null;
    show(next, now, wasDismissed);
  }

  /** Trouble is shown. */
  const isUp = (): boolean => view.notice !== null && view.notice.kind !== 'back_online';

  function lookAtSocket(now: number): void {
    const isSteady = socketOpenAt !== null && now - socketOpenAt >= steadyMs;
    if (socket.isLost()) {
      if (socketLostAt === null || isSteady) socketLostAt = now;
      socketOpenAt = null;
    } else if (socketLostAt !== null) {
      socketOpenAt ??= now;
      if (isSteady || socket.isSynced()) socketLostAt = null;
    }
  }

  function show(next: Notice | null, now: number, wasDismissed: boolean): void {
    const last = view.notice;
    // What follows on something that is shown is shown at once: between them nothing was well.
    if (next && (isUp() || now >= next.showAt)) {
      const { nextAttemptAt = now } = next;
      const seconds = nextAttemptAt === null ? 0 : Math.ceil(Math.max(0, nextAttemptAt - now) / 1000);
      tell({ notice: next, seconds: next.nextAttemptAt === undefined ? null : seconds });
      undoTimer = clock.setTimer(look, 1000);
      return;
    }
    if (next) undoTimer = clock.setTimer(look, Math.min(1000, next.showAt - now));
    else if (last && status === 'healthy' && passing.has(last.kind) && !wasDismissed) {
      tell({ notice: backOnline(now), seconds: null });
      undoTimer = clock.setTimer(look, backOnlineMs);
      return;
    } else if (last && Math.abs(now - last.since) < backOnlineMs && !isUp()) {
      undoTimer = clock.setTimer(look, last.since + backOnlineMs - now);
      return;
    }
    tell(nothing);
  }

  function tell(next: NoticeView): void {
    const { notice, seconds } = view;
    const isSame =
      notice && next.notice
        ? sameFields(bare(notice), bare(next.notice)) && seconds === next.seconds
        : notice === next.notice;
    if (isSame) return;
    view = next;
    for (const listener of [...listeners]) listener();
  }

  function socketChanged(): void {
    // Convex tells of every request in flight, which is nothing to us while the socket is there.
    if (socketLostAt !== null || socket.isLost()) look();
  }

  function begin(): () => void {
    const undo = [
      options.subscribe(look),
      options.page.onRejection((reason) => {
        const failure = authFailureIn(reason, options.health().status);
        if (!failure || (status === 'healthy' && !needsAPerson(failure))) return;
        rejected = { failure, at: clock.now() };
        look();
      }),
    ];
    look();
    return () => {
      for (const stop of undo) stop();
      undoSocket?.();
      undoSocket = undefined;
      undoTimer();
      status = null;
      view = nothing;
    };
  }

  let end = (): void => {};
  return {
    view: () => (dismissed ? nothing : view),
    atFirst: () => nothing,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) end = begin();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) end();
      };
    },
    caught(failure) {
      thrown = failure && { failure, at: clock.now() };
      if (!status) return;
      // The children are there again, and nothing else was wrong: no news.
      if (!failure && status === 'healthy' && socketLostAt === null) tell(nothing);
      look();
    },
    dismiss() {
      dismissed = view.notice?.kind ?? null;
      for (const listener of [...listeners]) listener();
    },
  };
}
