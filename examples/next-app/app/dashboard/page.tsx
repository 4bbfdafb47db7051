import { auth } from '@clerk/nextjs/server';
import { WhoAmI } from './WhoAmI.tsx';

/** Protected by proxy.ts, and by itself: a proxy is one mistake in a pattern away from letting somebody in. */
export default async function Dashboard() {
  const { userId } = await auth.protect();
  return (
    <>
      <h1>Dashboard</h1>
      <p>
        The server knows you as <code data-testid="server-user">{userId}</code>.
      </p>
      <WhoAmI />
    </>
  );
}
