import { auth } from '@clerk/nextjs/server';
import { WhoAmI } from './WhoAmI.tsx';

/** Protected by proxy.ts. */
export default async function Dashboard() {
  const { userId } = await auth();
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
