import { ClerkProvider, useAuth } from '@clerk/clerk-react';
import { ConvexClerkProvider } from 'clerk-convex-resilience/clerk-react';
import { type DiagnosisKit, mountPage } from './mountPage.tsx';

mountPage({ ClerkProvider, AllInOne: ConvexClerkProvider, useAuth } as unknown as DiagnosisKit);
