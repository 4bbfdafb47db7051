import { createRandom, pick } from '../support/random.ts';
import { type FaultId, faultIds, faultKinds } from './faultKinds.ts';
import type { Life } from './Life.ts';
import { inPassing } from './playCombination.ts';
import type { Setup } from './Scenario.ts';
import type { Stage } from './Stage.ts';

const lastsMs = 30_000;
const anyRequest = / (\/__clerk)?\/v1\//;

/** What happens at a time after the start; faults go by themselves. */
type Event = { readonly atMs: number } & (
  | { readonly what: 'fault'; readonly fault: FaultId; readonly forMs: number }
  | { readonly what: 'identity_taken_back' | 'org_switch' | 'reload' }
  | { readonly what: 'freeze'; readonly forMs: number }
);

/** Several faults, one over the other, while the user does this and that: all of it from the seed. */
export function randomLife(seed: number, n: number, setup: Setup): Life {
  const random = createRandom(seed * 7_919 + n);
  const events = eventsOf(random);
  const faults = events.flatMap((event) => (event.what === 'fault' ? [event.fault] : []));
  const id = `random/${seed}/${n}`;
  return {
    id,
    setup,
    sides: ['resilient'],
    takesSeconds: 60,
    steps: [
      {
        id,
        when: 'any_time',
        fault: faults.join('+'),
        lasts: `${lastsMs / 1_000}s`,
        says: `In ${lastsMs / 1_000} s: ${events.map(describe).join(', ')}.`,
        realEnd: false,
        play: (stage) => playEvents(stage, events),
      },
    ],
  };
}

/** Pure: a fault every few seconds, and something that the user does between them. */
function eventsOf(random: () => number): Event[] {
  const events: Event[] = [];
  let atMs = 500;
  while (atMs < lastsMs - 3_000) {
    const forMs = 500 + Math.floor(random() * 7_500);
    events.push({ atMs, what: 'fault', fault: pick(random, faultIds), forMs });
    atMs += 500 + Math.floor(random() * 3_500);
    if (random() < 0.6) {
      const what = pick(random, ['identity_taken_back', 'org_switch', 'reload', 'freeze'] as const);
      events.push(what === 'freeze' ? { atMs, what, forMs: 1_000 + Math.floor(random() * 3_000) } : { atMs, what });
      atMs += 300 + Math.floor(random() * 1_500);
    }
  }
  return events;
}

function describe(event: Event): string {
  const at = `at ${(event.atMs / 1_000).toFixed(1)} s`;
  if (event.what === 'fault') return `${at} ${event.fault} for ${(event.forMs / 1_000).toFixed(1)} s`;
  return `${at} ${event.what.replaceAll('_', ' ')}`;
}

async function playEvents(stage: Stage, events: readonly Event[]): Promise<void> {
  await stage.ready();
  stage.observe();
  stage.anyFaultMayMiss(); // nobody may ask for a token while tokens come empty
  const startedAt = Date.now();
  const going: Promise<void>[] = [];
  for (const event of events) {
    const left = startedAt + event.atMs - Date.now();
    if (left > 0) await stage.pause(left);
    if (event.what === 'fault') {
      const { breakage } = faultKinds[event.fault];
      const mend = await stage.break(breakage({ match: anyRequest, socketStands: true }));
      going.push(stage.pause(event.forMs).then(mend));
    } else if (event.what === 'freeze') await stage.freeze(event.forMs);
    else if (event.what === 'identity_taken_back') await stage.takeIdentityBack();
    else if (event.what === 'org_switch') await stage.switchOrganization();
    else await stage.reload();
  }
  const left = startedAt + lastsMs - Date.now();
  if (left > 0) await stage.pause(left);
  await Promise.all(going);
  await stage.mend();
  await stage.settle(inPassing.settle);
}
