import { useAuthHealth } from './clerk.ts';
import { SignOutButton, StatusBadge } from './StatusBadge.tsx';

/** The state of the session as the library sees it, and a sign-out that works without a network. */
export function SessionControls() {
  const health = useAuthHealth();
  return (
    <>
      {health.status === 'recovering' ? (
        <StatusBadge tone="busy" label="Reconnecting…" />
      ) : health.status === 'blocked' ? (
        <StatusBadge tone="bad" label="Needs attention" />
      ) : (
        <StatusBadge tone="good" label="Signed in" />
      )}
      <SignOutButton signOut={health.signOut} />
    </>
  );
}
