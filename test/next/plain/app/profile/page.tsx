import { auth } from '@clerk/nextjs/server';
import { preloadQuery } from 'convex/nextjs';
import { Suspense } from 'react';
import { api } from '../../convex/_generated/api';
import { Profile } from './Profile.tsx';

export default function ProfilePage() {
  return (
    <>
      <h1>Profile</h1>
      <Suspense fallback={<p data-testid="profile-loading">One moment…</p>}>
        <PreloadedProfile />
      </Suspense>
    </>
  );
}

async function PreloadedProfile() {
  const { getToken } = await auth();
  const token = await getToken({ template: 'convex' });
  const preloaded = await preloadQuery(api.users.me, {}, token ? { token } : {});
  return <Profile preloaded={preloaded} />;
}
