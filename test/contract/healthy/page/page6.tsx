import { ClerkProvider, useAuth, useClerk } from '@clerk/react';
import { Clerk } from 'clerk-js-v6/no-rhc';
import type { ClerkKit } from '../../../faults/page/ClerkKit.ts';
import { navigate } from '../../../faults/page/navigate.ts';
import { mountPage } from './mountPage.tsx';

const Provider: ClerkKit['Provider'] = ({ scriptLoaded: _, ...props }) => (
  <ClerkProvider
    {...props}
    Clerk={Clerk as never}
    prefetchUI={false}
    telemetry={false}
    routerPush={navigate}
    routerReplace={navigate}
  />
);

mountPage({
  Provider,
  useAuth: useAuth as unknown as ClerkKit['useAuth'],
  useClerk: useClerk as ClerkKit['useClerk'],
});
