'use client';
import { useAuthHealth } from 'clerk-convex-resilience/nextjs';
import { Authenticated, AuthLoading, Unauthenticated } from 'convex/react';
import Link from 'next/link';

/** Where to go, and who is here. */
export function Header() {
  const { status, signOut } = useAuthHealth();
  return (
    <header className="bar">
      <nav aria-label="Pages">
        <Link href="/">Home</Link>
        <Link href="/board">Board</Link>
        <Link href="/post">Post</Link>
        <Link href="/profile">Profile</Link>
        <Link href="/dashboard">Dashboard</Link>
      </nav>
      <span data-testid="health">{status}</span>
      <AuthLoading>
        <span data-testid="loading">One moment…</span>
      </AuthLoading>
      <Unauthenticated>
        <span data-testid="signed-out">{status === 'unconfigured' ? null : <Link href="/sign-in">Sign in</Link>}</span>
      </Unauthenticated>
      <Authenticated>
        <button type="button" data-testid="sign-out" onClick={() => void signOut()}>
          Sign out
        </button>
      </Authenticated>
    </header>
  );
}
