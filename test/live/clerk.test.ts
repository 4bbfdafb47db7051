import { beforeAll, describe } from 'vitest';
import { type ClerkUnderTest, clerkContract } from '../contract/clerkPage/clerkContract.ts';
import { clerkPages } from '../contract/clerkPage/clerkPages.ts';
import { readKeys } from './keys.ts';
import { liveClerk } from './liveClerk.ts';

describe.each([5, 6] as const)('clerk-js %i on a real instance', (major) => {
  let clerk: ClerkUnderTest;
  beforeAll(async () => {
    clerk = await liveClerk(readKeys());
  });
  clerkContract(clerkPages(major, { slack: 4 }), () => clerk);
});
