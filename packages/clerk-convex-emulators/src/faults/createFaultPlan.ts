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
  /** Gets an action that happens at once (`drop_sockets`, `auth_error`) when it is added. */
  readonly onImmediate?: (action: FaultAction) => void;
  /** Milliseconds on any clock that only goes forward. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/** Makes an empty plan. It holds no timer: a fault with `forMs` ends by comparison of times. */
export function createFaultPlan({ server, onImmediate, now = () => Date.now() }: FaultPlanOptions): FaultPlan {
  let live: Entry[] = [];
  let nextId = 1;
  let fired = 0;
  const pending = new Set<NodeJS.Timeout>();

  const prune = () => {
    live = live.filter((entry) => entry.isLive(now()));
    return live;
  };
  const clear = () => {
    live = [];
    for (const timer of pending) clearTimeout(timer);
    pending.clear();
  };

  return {
    add(input: Fault): ActiveFault {
      const entry = createEntry(nextId++, readFault(server, input), input, now(), () => {
        live = live.filter((other) => other !== entry);
      });
      const { action, afterMs } = entry;
      if (action.type !== 'drop_sockets' && action.type !== 'auth_error') {
        live.push(entry);
        return entry.active;
      }
      entry.fire();
      fired++;
      if (!afterMs) onImmediate?.(action);
      else {
        const timer = setTimeout(() => {
          pending.delete(timer);
          onImmediate?.(action);
        }, afterMs).unref();
        pending.add(timer);
      }
      return entry.active;
    },
    take(line) {
      const hit = prune().find((entry) => entry.hits(line));
      if (!hit) return undefined;
      hit.fire();
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
  fire(): void;
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
    isLive: (at) => fired < times && at - addedAt < forMs,
    hits: (line) =>
      (onlyOn[read.action.type]?.test(line) ?? true) && matches(line) && (probability === 1 || random() < probability),
    fire: () => {
      fired++;
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
