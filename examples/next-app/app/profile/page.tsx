import { auth } from '@clerk/nextjs/server';
import { api } from '../../convex/_generated/api';
import { convex } from '../serverConvex.ts';
import { Profile } from './Profile.tsx';

/** Protected by proxy.ts, and by itself. What Convex answers is in the HTML, and live from then on. */
export default async function ProfilePage() {
  await auth.protect();
  const preloaded = await convex.preloadQuery(api.users.me, {});
  return (
    <>
      <h1>Profile</h1>
      <Profile preloaded={preloaded} />
    </>
  );
}
