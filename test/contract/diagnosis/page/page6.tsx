import { ClerkProvider, useAuth } from '@clerk/react';
import { ConvexClerkProvider } from 'clerk-convex-resilience/react';
import { type DiagnosisKit, mountPage } from './mountPage.tsx';

mountPage({ ClerkProvider, AllInOne: ConvexClerkProvider, useAuth } as unknown as DiagnosisKit);
