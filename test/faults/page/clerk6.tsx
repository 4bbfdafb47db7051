import './lookOrdinary.ts'; // first: Clerk's modules look at the browser

import { ClerkProvider, useAuth, useClerk } from '@clerk/react';
import { Clerk } from 'clerk-js-v6/no-rhc';
import type { ClerkKit } from './ClerkKit.ts';
import { mountBench } from './mountBench.tsx';
import { navigate } from './navigate.ts';

const Provider: ClerkKit['Provider'] = ({ scriptLoaded, ...props }) => {
  const source = scriptLoaded
    ? { __internal_clerkJSUrl: `${props.proxyUrl}/npm/@clerk/clerk-js@6/dist/clerk.browser.js` }
    : { Clerk: Clerk as never };
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

mountBench({
  Provider,
  useAuth: useAuth as unknown as ClerkKit['useAuth'],
  useClerk: useClerk as ClerkKit['useClerk'],
});
