import { ClerkProvider, SignIn, useAuth, useClerk } from '@clerk/react';
import { ConvexClerkProvider } from 'clerk-convex-resilience/react';
import { Clerk } from 'clerk-js-v6/no-rhc';
import { type ClerkKit, mountPage } from './mountPage.tsx';

mountPage({ ClerkProvider, AllInOne: ConvexClerkProvider, SignIn, useAuth, useClerk, Clerk } as unknown as ClerkKit);
