import { useConvexAuth } from 'convex/react';
import { useClerk } from '../../clerk.ts';
import { SignOutButton, StatusBadge } from '../../StatusBadge.tsx';

/** What an app can show without the library: Convex's own word, and Clerk's own sign-out. */
export function PlainControls() {
  const { isRefreshing } = useConvexAuth();
  const { signOut } = useClerk();
  return (
    <>
      {isRefreshing ? <StatusBadge tone="busy" label="Refreshing…" /> : <StatusBadge tone="good" label="Signed in" />}
      <SignOutButton signOut={() => signOut()} />
    </>
  );
}
