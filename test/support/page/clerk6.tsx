import { ClerkProvider, useAuth } from '@clerk/react';
import { Clerk } from 'clerk-js-v6/no-rhc';
import { type ClerkKit, mountPage } from './mountPage.tsx';

const Provider: ClerkKit['Provider'] = (props) => (
  <ClerkProvider {...props} telemetry={false} prefetchUI={false} Clerk={Clerk as never} />
);

mountPage({ Provider, useAuth: useAuth as unknown as ClerkKit['useAuth'] });
