// @vitest-environment jsdom
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { checkConvexUrl } from '../../config/convexUrl.ts';
import { checkPublishableKey } from '../../config/publishableKey.ts';
import { describeWith } from '../../diagnosis/describeFinding.ts';
import { en } from '../../diagnosis/prose/en.ts';
import { useAuthHealth } from '../useAuthHealth.ts';
import { configAdvice } from './next/configAdvice.ts';
import { ConvexClerkProvider } from './nextjs.tsx';

vi.mock('@clerk/nextjs', () => ({ ClerkProvider: () => null, useAuth: () => ({}), useClerk: () => ({}) }));

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.stubEnv('CLERK_SECRET_KEY', 'sk_test_abcdefghijkl');
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What the handler has to say, as data. */
const Said = () => {
  const health = useAuthHealth();
  const { problems = [], findings = [] } = health.status === 'unconfigured' ? health : {};
  const said = {
    problems: problems.map(({ message }) => message),
    texts: findings.flatMap((it) => (it.args ? [describeWith(en, it)] : [])),
  };
  return <output>{JSON.stringify(said)}</output>;
};
const said = () => JSON.parse(screen.getByRole('status').textContent) as { problems: string[]; texts: unknown[] };

it('names a missing setting as the banner does, and as Next.js has it', async () => {
  render(<ConvexClerkProvider publishableKey={undefined} convexUrl={undefined} fallback={<Said />} />);
  const missing = [checkPublishableKey(undefined), checkConvexUrl(undefined)].filter((it) => it !== null);
  const banner = configAdvice(missing, { publishableKey: undefined, convexUrl: undefined }).map(({ text }) => text);
  await waitFor(() => expect(said().texts).toEqual(banner));
  expect(said().problems.join()).toMatch(/NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY.*NEXT_PUBLIC_CONVEX_URL/);
  expect(screen.getByRole('status').textContent).not.toMatch(/VITE_|EXPO_/);
  expect(vi.mocked(console.error).mock.calls.join()).toMatch(
    /NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY.*NEXT_PUBLIC_CONVEX_URL/s,
  );
  expect(vi.mocked(console.error).mock.calls.join()).not.toMatch(/VITE_/);
});

it('tells a fallback that is a function the same', () => {
  render(<ConvexClerkProvider publishableKey={undefined} fallback={(problems) => <i>{problems[0]?.message}</i>} />);
  expect(screen.getByText(/NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY/)).toBeTruthy();
});
