import './lookOrdinary.ts'; // first: Clerk's modules look at the browser

import { Clerk } from '@clerk/clerk-js/headless';
import { ClerkProvider, useAuth, useClerk } from '@clerk/clerk-react';
import type { ClerkKit } from './ClerkKit.ts';
import { mountBench } from './mountBench.tsx';
import { navigate } from './navigate.ts';

const Provider: ClerkKit['Provider'] = ({ scriptLoaded, ...props }) => {
  const source = scriptLoaded
    ? { clerkJSUrl: `${props.proxyUrl}/npm/@clerk/clerk-js@5/dist/clerk.browser.js` }
    : { Clerk: Clerk as never };
  return <ClerkProvider {...props} telemetry={false} routerPush={navigate} routerReplace={navigate} {...source} />;
};

mountBench({
  Provider,
  useAuth: useAuth as unknown as ClerkKit['useAuth'],
  useClerk: useClerk as ClerkKit['useClerk'],
});
