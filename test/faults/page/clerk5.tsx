import './lookOrdinary.ts'; // first: Clerk's modules look at the browser

import { Clerk } from '@clerk/clerk-js/headless';
import { ClerkProvider, useAuth, useClerk } from '@clerk/clerk-react';
import { ConvexClerkProvider } from 'clerk-convex-resilience/clerk-react';
import type { BenchKit } from './BenchKit.ts';
import type { ClerkKit } from './ClerkKit.ts';
import { mountBench } from './mountBench.tsx';
import { navigate } from './navigate.ts';

const scriptUrl = (proxyUrl: string) => `${proxyUrl}/npm/@clerk/clerk-js@5/dist/clerk.browser.js`;

const Provider: ClerkKit['Provider'] = ({ scriptLoaded, ...props }) => {
  const source = scriptLoaded ? { clerkJSUrl: scriptUrl(props.proxyUrl) } : { Clerk: Clerk as never };
  return <ClerkProvider {...props} telemetry={false} routerPush={navigate} routerReplace={navigate} {...source} />;
};

const Bound: BenchKit['Bound'] = (props) => (
  <ConvexClerkProvider
    {...props}
    clerkJSUrl={scriptUrl(props.proxyUrl)}
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
