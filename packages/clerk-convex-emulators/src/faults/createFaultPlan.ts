import type { ActiveFault, DueFault, Fault, FaultAction, FaultActionType, Faults } from './fault.ts';
import { mulberry32 } from './mulberry32.ts';
import { type FaultServer, readFault } from './readFault.ts';

/** The faults of one server, as the server sees them. */
export interface FaultPlan extends Faults {
  /** What befalls this request (`POST /v1/client/sign_ins`): the first live fault that matches; it counts as fired. */
  take(line: string): DueFault | undefined;
  /** Ends all faults and sets the count of `fired` to 0. */
  reset(): void;
}

export interface FaultPlanOptions {
  readonly server: FaultServer;
  /**
   * Does an action that happens at once (`drop_sockets`, `auth_error`) when it is due, and returns how many sockets it hit:
   * so many times the fault has fired.
   */
  readonly onImmediate?: (action: AtOnceAction) => number;
  /** Milliseconds on any clock that only goes forward. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/** An action that no request brings about. */
type AtOnceAction = Extract<FaultAction, { type: 'drop_sockets' | 'auth_error' }>;

/** Makes an empty plan. Its only timers are those of at-once actions: a fault with `forMs` ends by comparison of times. */
export function createFaultPlan({ server, onImmediate, now = () => Date.now() }: FaultPlanOptions): FaultPlan {
  let live: Entry[] = [];
  let nextId = 1;
  let fired = 0;
  const timers = new Map<Entry, NodeJS.Timeout>();

  const prune = () => {
    live = live.filter((entry) => entry.isLive(now()));
    return live;
  };
  const end = (entry: Entry) => {
    clearTimeout(timers.get(entry));
    timers.delete(entry);
    live = live.filter((other) => other !== entry);
  };
  const clear = () => {
    for (const entry of live) end(entry);
  };
  const act = (entry: Entry, action: AtOnceAction) => {
    const hits = onImmediate?.(action) ?? 0;
    entry.fire(hits);
    fired += hits;
    end(entry);
  };

  return {
    add(input: Fault): ActiveFault {
      const entry = createEntry(nextId++, readFault(server, input), input, now(), () => end(entry));
      const { action, afterMs } = entry;
      live.push(entry);
      if (!isAtOnce(action)) return entry.active;
      if (afterMs) timers.set(entry, setTimeout(() => act(entry, action), afterMs).unref());
      else act(entry, action);
      return entry.active;
    },
    take(line) {
      const hit = prune().find((entry) => entry.hits(line));
      if (!hit) return undefined;
      hit.fire(1);
      fired++;
      prune();
      return hit.afterMs ? { ...hit.action, afterMs: hit.afterMs } : hit.action;
    },
    clear,
    reset() {
      clear();
      fired = 0;
    },
    get active() {
      return prune().map((entry) => entry.active);
    },
    get fired() {
      return fired;
    },
  };
}

interface Entry {
  readonly active: ActiveFault;
  readonly action: FaultAction;
  readonly afterMs: number | undefined;
  isLive(at: number): boolean;
  /** Draws the chance when the line matches: ask once a request. */
  hits(line: string): boolean;
  fire(hits: number): void;
}

function createEntry(
  id: number,
  read: ReturnType<typeof readFault>,
  given: Fault,
  addedAt: number,
  remove: () => void,
): Entry {
  const { times = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY, probability = 1, seed = 1 } = read;
  const random = mulberry32(seed);
  const matches = createMatcher(read.match);
  let fired = 0;
  return {
    action: read.action,
    afterMs: read.afterMs,
    // One that is to act at once ends when it has.
    isLive: (at) => isAtOnce(read.action) || (fired < times && at - addedAt < forMs),
    hits: (line) =>
      !isAtOnce(read.action) &&
      (onlyOn[read.action.type]?.test(line) ?? true) &&
      matches(line) &&
      (probability === 1 || random() < probability),
    fire: (hits) => {
      fired += hits;
    },
    active: {
      id,
      fault: { ...given },
      get fired() {
        return fired;
      },
      remove,
    },
  };
}

const isAtOnce = (action: FaultAction): action is AtOnceAction =>
  action.type === 'drop_sockets' || action.type === 'auth_error';

/** Requests that alone can suffer an action: any other leaves it waiting. */
const onlyOn: Partial<Record<FaultActionType, RegExp>> = {
  empty_token: /^POST .*\/sessions\/[^/ ]+\/tokens(\/|$)/,
  identical_token: /^POST .*\/sessions\/[^/ ]+\/tokens(\/|$)/,
  refuse_upgrade: /^CONNECT /,
  reject_authenticate: /^MESSAGE Authenticate$/,
};

function createMatcher(match: string | RegExp | undefined): (line: string) => boolean {
  if (match === undefined) return () => true;
  if (typeof match === 'string' && !match.includes('*')) return (line) => line.includes(match);
  const pattern =
    typeof match === 'string'
      ? new RegExp(match.split('*').map(escapeRegExp).join('[^ ]*'))
      : // A sticky or global RegExp remembers where it stopped: the next request would be missed.
        new RegExp(match.source, match.flags.replace(/[gy]/g, ''));
  return (line) => pattern.test(line);
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
