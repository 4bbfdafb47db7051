import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';
import { emulatorForTests } from '../convexFixture/emulatorForTests.ts';
import { type Seat, type SeatOptions, takeBareSeat, takeOurSeat } from './seats.tsx';

export const newest = process.env.CONVEX_CLIENT !== 'oldest';

/** Seats at one emulator for the tests of a file: whoever sits down leaves at the end of the test. */
export function seatsForTests() {
  const suite = emulatorForTests();
  const seats: Seat[] = [];
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);

  beforeEach(() => void process.on('unhandledRejection', onRejection));
  afterEach(async () => {
    for (const seat of seats.splice(0)) await seat.leave();
    process.off('unhandledRejection', onRejection);
    rejections.length = 0;
  });

  function sit(take: typeof takeBareSeat, name: string, options: Partial<SeatOptions>): Seat {
    const seat = take({ name, convex: suite.emulator, issuer: suite.issuer, ...options });
    seats.push(seat);
    return seat;
  }
  return {
    suite,
    /** What nobody handled since the test began. */
    rejections,
    bare: (options: Partial<SeatOptions> = {}): Seat => sit(takeBareSeat, 'bare', options),
    ours: (options: Partial<SeatOptions> = {}): Seat => sit(takeOurSeat, 'ours', options),
    /** Twice confirmed: while a confirmation is due, Convex's client ignores an AuthError. */
    settled: (seat: Seat): Promise<void> => until(() => seat.words.filter((word) => word === 'in').length >= 2),
    /** How often the emulator told a socket this. */
    told: (kind: string): number => suite.emulator.authentications.filter((event) => event.kind === kind).length,
  };
}

export async function until(condition: () => boolean, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !condition(); await sleep(10)) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${condition}`);
  }
}
