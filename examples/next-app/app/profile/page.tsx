import { auth } from '@clerk/nextjs/server';
import { Suspense } from 'react';
import { api } from '../../convex/_generated/api';
import { convex } from '../serverConvex.ts';
import { Profile } from './Profile.tsx';

/** Protected by proxy.ts, and by itself. What Convex answers is streamed into the HTML, and live from then on. */
export default async function ProfilePage() {
  await auth.protect();
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
  return <Profile preloaded={await convex.preloadQuery(api.users.me, {})} />;
}
