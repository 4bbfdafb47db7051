import { expect, it } from 'vitest';
import { createTestConnectivity } from '../core/testConnectivity.ts';
import type { ClerkLike } from './clerkTypes.ts';
import { wrapSignOut } from './wrapSignOut.ts';

function setUp() {
  const said: string[] = [];
  const clerk = {
    async signOut(): Promise<void> {
      said.push('Clerk');
    },
  };
  const wrap = (name: string) =>
    wrapSignOut({
      clerk: () => clerk as ClerkLike,
      connectivity: createTestConnectivity(),
      signOut: (first) => {
        said.push(name);
        return first();
      },
      onOriginal: () => {},
    });
  return { said, clerk, wrap };
}

it('puts Clerk’s own back', async () => {
  const { said, clerk, wrap } = setUp();
  const own = clerk.signOut;
  const one = wrap('one');
  one.apply();
  one.apply();
  await clerk.signOut();
  one.undo();
  expect(clerk.signOut).toBe(own);
  expect(said).toEqual(['one', 'Clerk']);
});

it('has no say any more where somebody has wrapped it since it was undone, and the next one has it once', async () => {
  const { said, clerk, wrap } = setUp();
  const one = wrap('one');
  one.apply();
  const beneath = clerk.signOut;
  const theirs = (): Promise<void> => {
    said.push('theirs');
    return beneath();
  };
  clerk.signOut = theirs;
  one.undo();
  expect(clerk.signOut).toBe(theirs);
  await clerk.signOut();
  expect(said.splice(0)).toEqual(['theirs', 'Clerk']);
  const two = wrap('two');
  two.apply();
  await clerk.signOut();
  expect(said).toEqual(['two', 'theirs', 'Clerk']);
  two.undo();
  expect(clerk.signOut).toBe(theirs);
});
