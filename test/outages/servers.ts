/** Both emulators in a process of their own, in which time passes as fast as in the pages. Driven by `startServers`. */
import { fileURLToPath } from 'node:url';
import { speedUp } from './speedUp.ts';
import type { ServersCall, ServersReady } from './startServers.ts';

const { speed, tokenLifeSeconds, appHost } = JSON.parse(process.argv[2] ?? '');
speedUp(speed);
const { createClerkEmulator, createConvexEmulator } = await import('clerk-convex-emulators');

const clerk = await createClerkEmulator({ tokenLifeSeconds });
const convex = await createConvexEmulator({
  dir: fileURLToPath(new URL('../faults/convex', import.meta.url)),
  env: { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer },
});

process.on('message', ({ id, name, faults }: ServersCall & { id: number }) => {
  switch (name) {
    case 'break':
      for (const fault of faults) clerk.faults.add(fault);
      break;
    case 'mend':
      clerk.faults.clear();
      break;
    case 'look':
      break;
    default:
      name satisfies never;
  }
  process.send?.({ id, seen: { now: Date.now(), log: clerk.log, authentications: convex.authentications } });
});
process.on('disconnect', () => process.exit());
process.send?.({
  id: 0,
  ready: {
    clerkUrl: clerk.url,
    publishableKey: clerk.publishableKey,
    convexUrl: convex.url,
    cookies: clerk.signInBrowser(undefined, { appHost }).cookies,
  } satisfies ServersReady,
});
