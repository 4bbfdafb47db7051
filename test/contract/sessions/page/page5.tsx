import { Clerk } from '@clerk/clerk-js/headless';
import { ClerkProvider, SignIn, useAuth, useClerk } from '@clerk/clerk-react';
import { ConvexClerkProvider } from 'clerk-convex-resilience/clerk-react';
import { type ClerkKit, mountPage } from './mountPage.tsx';

mountPage({ ClerkProvider, AllInOne: ConvexClerkProvider, SignIn, useAuth, useClerk, Clerk } as unknown as ClerkKit);
