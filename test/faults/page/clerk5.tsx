import { Clerk } from '@clerk/clerk-js/headless';
import { ClerkProvider, useAuth, useClerk } from '@clerk/clerk-react';
import type { ClerkKit } from './ClerkKit.ts';
import { mountBench } from './mountBench.tsx';

const Provider: ClerkKit['Provider'] = ({ scriptLoaded, ...props }) => (
  <ClerkProvider {...props} telemetry={false} {...(!scriptLoaded && { Clerk: Clerk as never })} />
);

mountBench({
  Provider,
  useAuth: useAuth as unknown as ClerkKit['useAuth'],
  useClerk: useClerk as ClerkKit['useClerk'],
});
