import { type EmulatorPair, startPair } from '../../../scripts/demo/emulatorPair.ts';
import { nextSettings } from '../../../scripts/demo/nextSettings.ts';
import { buildNext, type NextServer, serveNext } from '../../../scripts/demo/runNext.ts';
import { freePort } from './freePort.ts';
import { prepareApp, type Side } from './prepareApp.ts';

/** One side: the built app, and emulators of its own. */
export interface Stage extends EmulatorPair {
  readonly side: Side;
  readonly dir: string;
  readonly server: NextServer;
  /** What the app's environment holds. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Builds a side with its settings in it, as a deployment has them, and starts it. */
export async function openStage(side: Side): Promise<Stage> {
  const dir = await prepareApp(side);
  const pair = await startPair(`${dir}/convex`, 60);
  const settings = nextSettings(pair);
  const built = await buildNext({ dir, env: settings });
  if (!built.ok) throw new Error(built.output);
  const server = await serveNext('start', await freePort(), { dir, env: settings });
  return {
    ...pair,
    side,
    dir,
    server,
    settings,
    close: async () => void (await Promise.all([server.close(), pair.close()])),
  };
}
