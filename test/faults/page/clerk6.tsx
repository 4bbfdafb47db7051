import './lookOrdinary.ts'; // first: Clerk's modules look at the browser

import { ClerkProvider, useAuth, useClerk } from '@clerk/react';
import { ConvexClerkProvider } from 'clerk-convex-resilience/react';
import { Clerk } from 'clerk-js-v6/no-rhc';
import type { BenchKit } from './BenchKit.ts';
import type { ClerkKit } from './ClerkKit.ts';
import { mountBench } from './mountBench.tsx';
import { navigate } from './navigate.ts';

const scriptUrl = (proxyUrl: string) => `${proxyUrl}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`;

const Provider: ClerkKit['Provider'] = ({ scriptLoaded, ...props }) => {
  const source = scriptLoaded ? { __internal_clerkJSUrl: scriptUrl(props.proxyUrl) } : { Clerk: Clerk as never };
  return (
    <ClerkProvider
      {...props}
      telemetry={false}
      routerPush={navigate}
      routerReplace={navigate}
      prefetchUI={false}
      {...source}
    />
  );
};

const Bound: BenchKit['Bound'] = (props) => (
  <ConvexClerkProvider
    {...props}
    {...{ __internal_clerkJSUrl: scriptUrl(props.proxyUrl) }} // no prop of the public type
    prefetchUI={false}
    telemetry={false}
    routerPush={navigate}
    routerReplace={navigate}
  />
);

mountBench({
  Provider,
  Bound,
  useAuth: useAuth as unknown as ClerkKit['useAuth'],
  useClerk: useClerk as ClerkKit['useClerk'],
});
