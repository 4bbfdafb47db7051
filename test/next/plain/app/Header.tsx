'use client';
import { useClerk } from '@clerk/nextjs';
import { Authenticated, AuthLoading, Unauthenticated, useConvexAuth } from 'convex/react';
import Link from 'next/link';

export function Header() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { signOut } = useClerk();
  return (
    <header className="bar">
      <nav aria-label="Pages">
        <Link href="/">Home</Link>
        <Link href="/board">Board</Link>
        <Link href="/post">Post</Link>
        <Link href="/profile">Profile</Link>
        <Link href="/dashboard">Dashboard</Link>
      </nav>
      <span data-testid="health">{isLoading ? 'starting' : isAuthenticated ? 'healthy' : 'signed_out'}</span>
      <AuthLoading>
        <span data-testid="loading">One moment…</span>
      </AuthLoading>
      <Unauthenticated>
        <span data-testid="signed-out">
          <Link href="/sign-in">Sign in</Link>
        </span>
      </Unauthenticated>
      <Authenticated>
        <button type="button" data-testid="sign-out" onClick={() => void signOut()}>
          Sign out
        </button>
      </Authenticated>
    </header>
  );
}
