import { ConvexReactClient } from 'convex/react';
import { afterEach, expect, it, vi } from 'vitest';
import { eventually } from '../../../../test/support/eventually.ts';
import type { AuthEvent } from '../core/events.ts';
import { tellOfOtherConvex, useOneReact } from './copies.ts';

// Bundled apps with two copies are played in Chromium: test/contract/diagnosis/copies.test.ts.

const events: AuthEvent[] = [];
const lines: string[] = [];
const write = (line: string): void => void lines.push(line);
const options = {
  onEvent: (event: AuthEvent) => void events.push(event),
  logger: { debug: write, info: write, warn: write, error: write },
};
afterEach(() => {
  events.length = lines.length = 0;
  vi.restoreAllMocks();
});

it('names a React that does not render, once, and lets its error go on', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  // Nobody renders: what a hook finds then is what it finds in a second copy.
  const call = () => useOneReact(options);
  expect(call).toThrow(TypeError);
  expect(call).toThrow(TypeError);
  await eventually(() =>
    expect(lines).toEqual([expect.stringContaining('] REACT_DUPLICATED: There are two copies of')]),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(lines).toHaveLength(1);
  expect(events).toEqual([{ at: expect.any(Number), type: 'misconfiguration_found', codes: ['REACT_DUPLICATED'] }]);
});

it('names a client of another copy, and none that is ours or of the app’s own making', async () => {
  const own = new ConvexReactClient('https://happy-animal-123.convex.cloud');
  for (const client of [own, {}, { watchQuery() {}, mutation() {} }]) tellOfOtherConvex(client, options);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(lines).toEqual([]);
  // All that a client of another copy has.
  const theirs = Object.assign(Object.create(null), own) as object;
  tellOfOtherConvex(theirs, { ...options, development: false });
  await eventually(() => expect(lines).toEqual(['[clerk-convex-resilience] CONVEX_DUPLICATED']));
  await own.close();
});
