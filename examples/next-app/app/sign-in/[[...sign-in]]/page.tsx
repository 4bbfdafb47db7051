'use client';
import { SignIn } from '@clerk/nextjs';
import { useAuthHealth } from 'clerk-convex-resilience/nextjs';

/** Clerk's sign-in card; its components need Clerk's provider, which is not there without keys. */
export default function SignInPage() {
  const isUnconfigured = useAuthHealth((health) => health.status === 'unconfigured');
  return isUnconfigured ? <p>Sign-in is not available at the moment.</p> : <SignIn />;
}
