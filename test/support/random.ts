// Chance that repeats with its seed, the emulators' own.
export { mulberry32 as createRandom } from '../../packages/clerk-convex-emulators/src/faults/mulberry32.ts';

export const pick = <T>(random: () => number, all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

export function shuffled<T>(random: () => number, all: readonly T[]): T[] {
  const rest = [...all];
  return all.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0] as T);
}
