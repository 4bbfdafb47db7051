import { Clerk } from '@clerk/clerk-js/headless';
import { ClerkProvider, useAuth, useClerk } from '@clerk/clerk-react';
import type { ClerkKit } from '../../../faults/page/ClerkKit.ts';
import { navigate } from '../../../faults/page/navigate.ts';
import { mountPage } from './mountPage.tsx';

const Provider: ClerkKit['Provider'] = ({ scriptLoaded: _, ...props }) => (
  <ClerkProvider {...props} Clerk={Clerk as never} telemetry={false} routerPush={navigate} routerReplace={navigate} />
);

mountPage({
  Provider,
  useAuth: useAuth as unknown as ClerkKit['useAuth'],
  useClerk: useClerk as ClerkKit['useClerk'],
});
