import { useConvexAuth, useMutation } from 'convex/react';
import { useEffect } from 'react';
import { api } from '../../../convex/_generated/api';
import { useUser } from '../../clerk.ts';

/** Keeps the user's row in Convex as apps do without `UserSync`: after each sign-in, and when the profile changes. */
export function StoreUser(): null {
  const { isAuthenticated } = useConvexAuth();
  const store = useMutation(api.users.store);
  const { user } = useUser();
  const [id, updatedAt] = [user?.id, user?.updatedAt?.getTime()];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed profile is a reason to store it again
  useEffect(() => {
    if (isAuthenticated && id) store().catch((error: unknown) => console.error('The user was not stored.', error));
  }, [isAuthenticated, id, updatedAt, store]);
  return null;
}
