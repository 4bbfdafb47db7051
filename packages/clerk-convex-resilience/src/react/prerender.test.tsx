import type { ComponentType, ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import * as clerkReact from '../clerk-react.ts';
import { ConvexForVisitors } from './bindings/next/ConvexForVisitors.tsx';
import { useAuthHealth } from './useAuthHealth.ts';

// Next.js with `cacheComponents`, which `create-next-app` 16.4 switches on, fails a build in which a client component that is
// rendered beforehand asks for chance or for the time.

const url = 'https://happy-animal-123.convex.cloud';
const App = clerkReact.ConvexClerkProvider as ComponentType<{
  publishableKey: string;
  convexUrl: string;
  children: ReactNode;
}>;
const Health = () => useAuthHealth().status;

afterEach(() => vi.restoreAllMocks());

it.each<[string, () => ReactNode]>([
  ['an app without keys', () => <ConvexForVisitors convexUrl={url}>there</ConvexForVisitors>],
  ['an app without anything', () => <ConvexForVisitors convexUrl={undefined}>there</ConvexForVisitors>],
  [
    'an app with keys',
    () => (
      <App publishableKey={`pk_test_${btoa('clerk.example.com$')}`} convexUrl={url}>
        <Health /> there
      </App>
    ),
  ],
])('asks for neither chance nor the time while a server renders %s', (_name, app) => {
  const asked: string[] = [];
  const seen = (name: string) => () => {
    asked.push(`${name}${new Error(name).stack?.split('\n').slice(2, 5).join('')}`);
    return 0.5;
  };
  vi.spyOn(Math, 'random').mockImplementation(seen('chance'));
  vi.spyOn(Date, 'now').mockImplementation(seen('the time'));
  expect(renderToString(app())).toContain('there');
  expect(asked).toEqual([]);
});
