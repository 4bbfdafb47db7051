import type { BrowserSeat, Engine } from './BrowserSeat.ts';
import { openChromiumSeat } from './chromiumSeat.ts';
import { openEngineSeat } from './engineSeat.ts';

/** Starts a browser of this engine. `say` gets a line for whatever takes long. */
export const openSeat = (engine: Engine, say: (line: string) => void): Promise<BrowserSeat> =>
  engine === 'chromium' ? openChromiumSeat(say) : openEngineSeat(engine);
