import '../provider/dom.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emulatorForTests } from '../convexFixture/emulatorForTests.ts';
import { type Answer, type Seat, takeBareSeat, takeOurSeat } from './seats.tsx';
import { newest, until } from './seatsForTests.ts';

// What Convex's client does with what its token fetcher does, and what becomes of the same user under the provider. A
// version of convex that keeps another contract than the table says fails here first. The project `contract-oldest` plays
// it on convex 1.25: the two keep the same one, but that 1.25 never says that it is refreshing.

const suite = emulatorForTests();

interface Outcome {
  /** What Convex says of the user in the end. */
  readonly word: 'loading' | 'in' | 'out';
  /** Has it asked for another token since the last answer? A refresh is due after a second; half a second more is waited for one that should not come. */
  readonly asksAgain: boolean;
  /** What becomes of a mutation. */
  readonly mutation: 'done' | 'ran as nobody' | 'hangs';
  /** Did its query run as nobody? */
  readonly asNobody: boolean;
  /** Was the fetcher's rejection left unhandled? */
  readonly unhandled: boolean;
  /** Does it say in the end that it is refreshing? Nothing is, so it would say so for ever. */
  readonly refreshing: boolean;
}
type Row = readonly [answers: readonly Answer[], outcome: Outcome];

const well = { word: 'in', mutation: 'done', asNobody: false, unhandled: false, refreshing: false } as const;
const out = { ...well, word: 'out', asksAgain: false, mutation: 'ran as nobody', asNobody: true } as const;
const stuck = { asksAgain: false, mutation: 'hangs', asNobody: false, refreshing: false } as const;
/** It has stopped its socket, and says so since 1.40. */
const stopped = { ...stuck, word: 'in', refreshing: newest } as const;

const table: Record<'first load' | 'scheduled refresh' | 'AuthError', readonly Row[]> = {
  // The socket is paused meanwhile.
  'first load': [
    [['token'], { ...well, asksAgain: true }], // and at once a forced one
    [['token', 'identical'], { ...well, asksAgain: false }],
    [['null'], { ...well, asksAgain: true }],
    [['null', 'null'], out],
    [['rejects'], { ...stuck, word: 'loading', unhandled: true }],
    [['hangs'], { ...stuck, word: 'loading', unhandled: false }],
  ],
  // The socket is live meanwhile.
  'scheduled refresh': [
    [['token'], { ...well, asksAgain: true }],
    [['identical'], { ...well, asksAgain: false }],
    [['null'], out],
    [['rejects'], { ...well, asksAgain: false, unhandled: true }],
    [['hangs'], { ...well, asksAgain: false }],
  ],
  // The socket is stopped meanwhile, with a mutation under way. It still says that the user is in.
  AuthError: [
    [['token'], { ...well, asksAgain: false }],
    [['identical'], out],
    [['null'], out],
    [['rejects'], { ...stopped, unhandled: true }],
    [['hangs'], { ...stopped, unhandled: false }],
  ],
};

let rejections: string[] = [];
const onRejection = (reason: unknown): void => void rejections.push(String(reason));
beforeAll(() => void process.on('unhandledRejection', onRejection));
afterAll(() => void process.off('unhandledRejection', onRejection));

/** Plays all rows of a moment at once, on both sides. */
async function play(moment: keyof typeof table): Promise<Array<{ bare: Outcome; ours: Outcome }>> {
  rejections = [];
  const take = (side: 'bare' | 'ours', answers: readonly Answer[], i: number): Seat => {
    // Nothing of ours puts a deadline around `getToken`: under the provider what hangs is answered in the end.
    const given = answers.map((answer) => (side === 'ours' && answer === 'hangs' ? 'is late' : answer));
    const script: readonly Answer[] = moment === 'first load' ? given : ['token', 'token', ...given];
    const { emulator: convex, issuer } = suite;
    // A refresh is due a second after each token; after an AuthError it would be what ends the trouble.
    const lifeSeconds = moment === 'AuthError' ? 60 : 11;
    const seat = { name: `${side}_${i}`, convex, issuer, script, lifeSeconds };
    return side === 'bare' ? takeBareSeat(seat) : takeOurSeat(seat);
  };
  const rows = table[moment].map(([answers, outcome], i) => ({
    outcome,
    asked: answers.length + (moment === 'first load' ? 0 : 2),
    bare: take('bare', answers, i),
    ours: take('ours', answers, i),
  }));
  const seats = rows.flatMap(({ bare, ours }) => [bare, ours]);
  if (moment !== 'first load') await until(() => seats.every(({ calls }) => calls.length >= 2));
  if (moment === 'AuthError') {
    // While the confirmation of a token is due, Convex's client ignores an AuthError.
    const confirmed = (name: string) =>
      suite.emulator.authentications.filter(({ kind, identity }) => kind === 'accepted' && identity === name).length;
    await until(() => seats.every(({ name }) => confirmed(name) >= 2));
    await sleep(300);
    suite.emulator.faults.add({ action: 'auth_error' });
  }
  /** As the table says of the bare ones; as all is well under the provider. What hangs is not waited for as long as what is slow. */
  const expected = new Map(
    rows.flatMap(({ bare, ours, outcome }) => [[bare, outcome] as const, [ours, { ...outcome, ...well }] as const]),
  );
  const mutate = (seat: Seat) => seat.mutate(expected.get(seat)?.mutation === 'hangs' ? 4_000 : 20_000);
  const early = new Map(seats.map((seat) => [seat, moment === 'AuthError' ? mutate(seat) : undefined]));
  if (moment === 'scheduled refresh') await until(() => rows.every(({ bare, asked }) => bare.calls.length >= asked));
  await sleep(1500);
  const comes = (what: () => boolean) => until(what).catch(() => {}); // what does not come its row will tell
  await comes(() => rows.every(({ bare, asked, outcome }) => !outcome.asksAgain || bare.calls.length > asked));
  const outcome = async (seat: Seat, asked: number): Promise<Outcome> => {
    const asksAgain = seat.calls.length > asked;
    await seat.answerLate();
    const mutation = await (early.get(seat) ?? mutate(seat));
    await sleep(300); // what React has to say of it
    await comes(() => seat.word() === expected.get(seat)?.word);
    return {
      asksAgain,
      mutation,
      word: seat.word(),
      asNobody: seat.identities.includes(null),
      unhandled: rejections.some((reason) => reason.includes(seat.name)),
      refreshing: seat.isRefreshing(),
    };
  };
  const outcomes = await Promise.all(
    rows.map(async (row) => {
      const [bare, ours] = await Promise.all([outcome(row.bare, row.asked), outcome(row.ours, row.asked)]);
      return { bare, ours };
    }),
  );
  await Promise.all(seats.map((seat) => seat.leave()));
  return outcomes;
}

describe.each(['first load', 'scheduled refresh', 'AuthError'] as const)(
  'at a %s, a fetcher that answers',
  (moment) => {
    let outcomes: Awaited<ReturnType<typeof play>>;
    beforeAll(async () => {
      outcomes = await play(moment);
    });

    const rows = table[moment].map(([answers, outcome], i) => [answers.join(', then '), outcome, i] as const);
    it.each(rows)('%s: as the table says', (_answers, outcome, i) => {
      expect(outcomes[i]?.bare).toEqual(outcome);
    });
    it.each(rows)(
      '%s: under the provider the user is in, nothing ran as nobody, and its refreshing ends',
      (_answers, _outcome, i) => {
        expect(outcomes[i]?.ours).toMatchObject(well);
      },
    );
  },
);
