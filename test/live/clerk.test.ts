import { beforeAll, describe } from 'vitest';
import { type ClerkUnderTest, clerkContract } from '../contract/clerkContract.ts';
import { readKeys } from './keys.ts';
import { liveClerk } from './liveClerk.ts';

describe.each([5, 6] as const)('clerk-js %i on a real instance', (major) => {
  let clerk: ClerkUnderTest;
  beforeAll(async () => {
    clerk = await liveClerk(readKeys());
  });
  clerkContract(major, () => clerk, { slack: 4 });
});
