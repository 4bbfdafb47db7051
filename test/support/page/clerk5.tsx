import { Clerk } from '@clerk/clerk-js/headless';
import { ClerkProvider, useAuth } from '@clerk/clerk-react';
import { type ClerkKit, mountPage } from './mountPage.tsx';

const Provider: ClerkKit['Provider'] = (props) => <ClerkProvider {...props} telemetry={false} Clerk={Clerk as never} />;

mountPage({ Provider, useAuth: useAuth as unknown as ClerkKit['useAuth'] });
