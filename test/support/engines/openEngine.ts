import type { Engine, EngineName } from './Engine.ts';
import { openChromium, openFirefox } from './playwrightEngine.ts';
import { openWebKit } from './webkitEngine.ts';

const open = { chromium: openChromium, firefox: openFirefox, webkit: openWebKit } satisfies Record<
  EngineName,
  () => Promise<Engine>
>;

/** Starts a browser of this engine. Throws when it is not installed; the message says what to do. */
export const openEngine = (name: EngineName): Promise<Engine> => open[name]();
