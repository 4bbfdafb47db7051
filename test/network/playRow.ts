import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../support/page/outcomeOf.ts';
import { type ClerkMajor, clerkMajors, type Side, sides } from '../support/page/settings.ts';
import type { Lab } from './lab/openLab.ts';
import type { Ending, NetworkRow } from './rows.ts';
import { Seat } from './Seat.ts';

/** How long the users are watched after the fault: at least, and at most while one of them has no fresh token. */
const settleMs = { atLeast: 4_000, atMost: 30_000 };
/** How much longer than it should a fault lasts while somebody has not seen its code. */
const patienceMs = 25_000;

export interface Played {
  readonly side: Side;
  readonly major: ClerkMajor;
  /** Network errors of requests to Clerk in the fault, and how often. */
  readonly codes: ReadonlyMap<string, number>;
  /** What Clerk has answered in. */
  readonly protocols: ReadonlySet<string>;
  readonly verdict: Verdict;
  readonly story: string;
  /** The browser's console. */
  readonly console: readonly string[];
}

/** Sets a lab up and breaks its network under plain and under ours, with both majors of clerk-js, at once. */
export async function playRow(
  row: NetworkRow,
  setUp: <T>(work: () => Promise<T>) => Promise<T>,
  open: () => Promise<Lab>,
): Promise<{ played: Played[]; hits: number | undefined }> {
  const { lab, seats, close } = await setUp(() => openTable(open));
  const all = <T>(work: (seat: Seat) => Promise<T>) => Promise.all(seats.map(({ seat }) => work(seat)));
  try {
    await all((seat) => seat.settle());
    if (row.when === 'load') await all((seat) => seat.leave());
    else await sleep(Math.min(...seats.map(({ seat }) => seat.refreshAt)) - 1_000 - Date.now());

    const from = Date.now();
    const brokenAt = from;
    const { code, lastsMs = 8_000 } = row;
    await row.begin(lab);
    if (row.when === 'load') await all((seat) => seat.load());
    const isSeen = () => code === undefined || seats.every(({ seat }) => seat.codesSince(from).has(code));
    const lasts = () => Date.now() - from < lastsMs + (isSeen() ? 0 : patienceMs);
    while (lasts()) {
      await row.again?.(lab);
      await sleep(300);
    }
    const hits = await row.hits?.(lab);
    await row.end(lab);
    const mendedAt = Date.now();

    await sleep(settleMs.atLeast);
    const settled = () => seats.every(({ seat }) => seat.hasFreshToken(brokenAt) && seat.state === 'authenticated');
    for (const end = mendedAt + settleMs.atMost; !settled() && Date.now() < end; await sleep(200))
      await all((seat) => seat.collect());

    const outcomes = await Promise.all(
      seats.map(async ({ side, major, seat }) => ({
        side,
        major,
        codes: seat.codesSince(from),
        protocols: seat.protocols,
        verdict: await seat.finish({ from, brokenAt, mendedAt }),
      })),
    );
    const patient = seats.find(({ side, major }) => side === 'resilient' && major === 6)?.seat;
    if (row.afterwards && patient) await goOn(row.afterwards, lab, patient);
    const played = outcomes.map((outcome, at) => {
      const { story = '', console = [] } = seats[at]?.seat ?? {};
      return { ...outcome, story, console };
    });
    return { played, hits };
  } finally {
    await close();
  }
}

/** One fault after the other, and Clerk's own after those of the network. */
async function goOn(endings: readonly Ending[], lab: Lab, seat: Seat): Promise<void> {
  for (const { code, begin, again, end } of endings) {
    await seat.askDuring({
      code,
      begin: () => begin(lab),
      ...(again && { again: () => again(lab) }),
      end: () => end(lab),
    });
  }
  let undo = () => {};
  await seat.askDuring({
    code: 'status of 500',
    async begin() {
      undo = seat.failTokens();
    },
    end: async () => undo(),
  });
}

/** A lab with four signed-in users. */
interface Table {
  readonly lab: Lab;
  readonly seats: readonly { readonly side: Side; readonly major: ClerkMajor; readonly seat: Seat }[];
  close(): Promise<void>;
}

async function openTable(open: () => Promise<Lab>): Promise<Table> {
  const lab = await open();
  const opened: Seat[] = [];
  const close = async () => {
    await Promise.all(opened.map((seat) => seat.close()));
    await lab.close();
  };
  try {
    const seats = await Promise.all(
      sides.flatMap((side) =>
        clerkMajors.map(async (major) => {
          const seat = await Seat.open(lab, side, major);
          opened.push(seat);
          await seat.signIn();
          return { side, major, seat };
        }),
      ),
    );
    return { lab, seats, close };
  } catch (error) {
    await close();
    throw error;
  }
}
