import type { ClerkEmulator, ConvexEmulator, Fault } from 'clerk-convex-emulators';
import type { Profile } from './BrowserSeat.ts';
import type { Breakage } from './faultKinds.ts';

interface MadeFault {
  readonly name: string;
  /** How many requests it has hit. */
  readonly fired: () => number;
  /** How many it is to hit before it is spent. */
  readonly due: number;
  readonly remove: () => void | Promise<void>;
  /** It comes again and again, and need not hit each time. */
  readonly isRepeated: boolean;
}

/** Where faults are made. */
export interface Breakable {
  readonly clerk: ClerkEmulator;
  readonly convex: ConvexEmulator;
  readonly profile: Profile;
}

/** The faults of one scenario: made at the servers or in the browser, and what they hit. */
export class MadeFaults {
  private readonly made: MadeFault[] = [];

  constructor(private readonly at: Breakable) {}

  get count(): number {
    return this.made.length;
  }

  get hits(): number {
    return this.made.reduce((sum, { fired }) => sum + fired(), 0);
  }

  /** How many hits were asked for. */
  get due(): number {
    return this.made.reduce((sum, { due }) => sum + due, 0);
  }

  /** Whether every fault has hit as often as it should. */
  get areSpent(): boolean {
    return this.made.every(({ fired, due }) => fired() >= due);
  }

  /** Those that have hit nothing, though they should. */
  get missed(): string[] {
    return this.made.filter(({ fired, isRepeated }) => !isRepeated && fired() === 0).map(({ name }) => name);
  }

  /** Makes faults; returns what ends these alone. */
  async make({ clerk = [], convex = [], browser }: Breakage, isRepeated = false): Promise<() => Promise<void>> {
    const from = this.made.length;
    if (browser) await this.failInBrowser(browser);
    for (const fault of clerk) this.add('clerk', fault, isRepeated);
    for (const fault of convex) this.add('convex', fault, isRepeated);
    const mine = this.made.slice(from);
    return async () => {
      for (const { remove } of mine) await remove();
    };
  }

  /** Takes the browser's network away; the socket that is open goes with it. */
  async takeOffline(): Promise<void> {
    const { profile, convex } = this.at;
    const { setOffline } = profile;
    if (!setOffline) throw new Error('This browser cannot be taken off the network.');
    const from = Date.now();
    await setOffline(true);
    convex.faults.add({ action: 'drop_sockets' });
    this.made.push({
      name: 'browser: offline',
      fired: () => profile.failedRequests.filter((at) => at >= from).length,
      due: 1,
      isRepeated: false,
      remove: () => setOffline(false),
    });
  }

  async end(): Promise<void> {
    for (const { remove } of this.made) await remove();
  }

  private add(server: 'clerk' | 'convex', fault: Fault, isRepeated: boolean): void {
    const active = this.at[server].faults.add(fault);
    this.made.push({
      name: `${server}: ${nameOf(fault)}`,
      fired: () => active.fired,
      due: isRepeated ? 0 : (fault.times ?? 1),
      remove: () => active.remove(),
      isRepeated,
    });
  }

  private async failInBrowser({ match, times, error, delayMs = 0 }: NonNullable<Breakage['browser']>): Promise<void> {
    const { clerk, profile } = this.at;
    if (!profile.failRequests) throw new Error('This browser cannot be told to fail requests.');
    let fired = 0;
    const remove = await profile.failRequests({
      error,
      delayMs,
      match: (line) => {
        const [method, url = ''] = line.split(' ');
        if (!url.startsWith(clerk.url) || (times !== undefined && fired >= times)) return false;
        const { pathname, searchParams } = new URL(url);
        // clerk-js sends what is no GET as a POST that says what it is.
        const hit = match.test(`${searchParams.get('_method') ?? method} ${pathname}`);
        if (hit) fired++;
        return hit;
      },
    });
    this.made.push({ name: `browser: ${error}`, fired: () => fired, due: times ?? 1, remove, isRepeated: false });
  }
}

const nameOf = ({ match, ...rest }: Fault): string =>
  JSON.stringify({ ...(match && { match: String(match) }), ...rest });
