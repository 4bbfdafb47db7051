import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Rig } from '../sessions/Rig.ts';
import type { DiagnosisSeen } from './page/mountPage.tsx';
import type { Row } from './rows.ts';

/** From the first refusal to the name of its cause. */
export const namedWithinMs = 5_000;
/** From the token that Convex was given: three seconds of silence, and two in which it answers others. */
export const silenceNamedWithinMs = 5_000 + namedWithinMs;
export const mostRequests = 4;
export const mendedWithinMs = 60_000;

export const rightEnv = { APPLICATION_ID: 'convex', PROVIDERS: 'one' };

export const convexIs = {
  convexDir: fileURLToPath(new URL('./convex', import.meta.url)),
  convexOptions: { env: rightEnv },
};
export const seenOn = (page: Page): Promise<DiagnosisSeen | undefined> =>
  page.evaluate(() => (window as Partial<Window>).diagnosisPage?.seen.at(-1));
export const eventsOn = (page: Page) => page.evaluate(() => (window as Partial<Window>).diagnosisPage?.events ?? []);
/** Requests for a token until then. */
export const tokenRequests = (rig: Rig, { counted = /\/tokens/ }: Pick<Row, 'counted'>, until: number) =>
  rig.clerk.log.filter(({ method, path: asked, at }) => method === 'POST' && counted.test(asked) && at <= until);
