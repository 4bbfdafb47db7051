import { auth } from '@clerk/nextjs/server';
import { preloadQuery } from 'convex/nextjs';
import { api } from '../../convex/_generated/api';
import { Profile } from './Profile.tsx';

export default async function ProfilePage() {
  const { getToken } = await auth();
  const token = await getToken({ template: 'convex' });
  const preloaded = await preloadQuery(api.users.me, {}, token ? { token } : {});
  return (
    <>
      <h1>Profile</h1>
      <Profile preloaded={preloaded} />
    </>
  );
}
