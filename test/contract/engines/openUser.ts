import { fileURLToPath } from 'node:url';
import {
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
} from 'clerk-convex-emulators';
import type { Engine, Profile } from '../../support/engines/Engine.ts';
import { type PageServer, pageUrl } from '../../support/page/servePage.ts';
import type { PageSettings } from '../../support/page/settings.ts';

/** Short, so that a refresh falls due ten seconds after a token; above the 17 s below which clerk-js 6 refreshes none ahead. */
export const tokenLifeSeconds = 20;

/** Somebody with a session in a browser profile, and the emulators that know of it. */
export interface EngineUser {
  readonly clerk: ClerkEmulator;
  readonly convex: ConvexEmulator;
  readonly profile: Profile;
  /** Loads the page under test. */
  load(settings: Pick<PageSettings, 'major' | 'side' | 'handler'>): Promise<void>;
  close(): Promise<void>;
}

export async function openUser(engine: Engine, page: PageServer): Promise<EngineUser> {
  const clerk = await createClerkEmulator({ tokenLifeSeconds });
  const convex = await createConvexEmulator({
    dir: fileURLToPath(new URL('../../faults/convex', import.meta.url)),
    env: { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer },
  });
  const user = clerk.signInBrowser(undefined, { appHost: new URL(page.url).hostname });
  const profile = await engine.open(user.cookies);
  const { publishableKey, url } = clerk;
  return {
    clerk,
    convex,
    profile,
    load: (settings) =>
      profile.goto(pageUrl(page.url, { ...settings, publishableKey, clerk: url, convex: convex.url })),
    async close() {
      await profile.close();
      await Promise.all([clerk.close(), convex.close()]);
    },
  };
}
