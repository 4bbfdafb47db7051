'use client';
import { type Preloaded, usePreloadedQuery } from 'convex/react';
import type { api } from '../../convex/_generated/api';

export function Profile({ preloaded }: { preloaded: Preloaded<typeof api.users.me> }) {
  const me = usePreloadedQuery(preloaded);
  return (
    <p data-testid="profile">
      {me ? `${me.name ?? me.subject}, ${me.email ?? 'without an e-mail address'}` : 'Nobody'}
    </p>
  );
}
