import { ClerkProvider, useAuth, useClerk } from '@clerk/react';
import { Clerk } from 'clerk-js-v6/no-rhc';
import type { ClerkKit } from './ClerkKit.ts';
import { mountBench } from './mountBench.tsx';

const Provider: ClerkKit['Provider'] = ({ scriptLoaded, ...props }) => (
  <ClerkProvider {...props} telemetry={false} prefetchUI={false} {...(!scriptLoaded && { Clerk: Clerk as never })} />
);

mountBench({
  Provider,
  useAuth: useAuth as unknown as ClerkKit['useAuth'],
  useClerk: useClerk as ClerkKit['useClerk'],
});
