'use client';
import { useQuery } from 'convex/react';
import { api } from '../../convex/_generated/api';

/** Who Convex, not the browser, says you are. */
export function WhoAmI() {
  const me = useQuery(api.users.me);
  if (!me) return <p>Asking Convex who you are…</p>;
  return (
    <p data-testid="who-am-i">
      Convex knows you as <strong>{me.name ?? me.subject}</strong>.
    </p>
  );
}
