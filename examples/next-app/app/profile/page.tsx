import { api } from '../../convex/_generated/api';
import { convex } from '../serverConvex.ts';
import { Profile } from './Profile.tsx';

/** Protected by proxy.ts. What Convex answers is in the HTML, and live from then on. */
export default async function ProfilePage() {
  const preloaded = await convex.preloadQuery(api.users.me, {});
  return (
    <>
      <h1>Profile</h1>
      <Profile preloaded={preloaded} />
    </>
  );
}
