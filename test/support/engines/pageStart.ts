/**
 * The first script of every page that an engine loads: `<script>${pageStart}</script>`. Served with the page, because
 * WebDriver has no script that runs before it.
 *
 * - clerk-js takes an automated browser, and v5 one with an rtt of 0, for offline (isValidBrowserOnline in @clerk/shared).
 * - `window.tell(record)` keeps what the page tells until the test fetches it, also while the network is down and across
 *   loads of the tab. Each load has a list of its own: in Chromium 156 a page that comes back from the back/forward cache
 *   does not see at once what the one before it has stored. Kept at each word: what is stored at `pagehide` the next page never sees
 *   in Firefox 153 when the machine is busy.
 */
export const pageStart = `{
  Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false, configurable: true });
  if (navigator.connection) {
    const shape = Object.getPrototypeOf(navigator.connection);
    Object.defineProperty(shape, 'rtt', { get: () => 50, configurable: true });
    Object.defineProperty(shape, 'downlink', { get: () => 10, configurable: true });
  }
  const load = 'told ' + crypto.getRandomValues(new Uint32Array(4)).join('-');
  let tellings = [];
  let last = 0;
  const keep = () => sessionStorage.setItem(load, JSON.stringify(tellings));
  window.tell = (record) => { tellings.push({ load, id: ++last, at: Date.now(), record }); keep(); };
  window.tellingsAfter = (fetched) => {
    tellings = tellings.filter(({ id }) => id > (fetched[load] ?? 0));
    const others = Object.keys(sessionStorage).filter((key) => key.startsWith('told ') && key !== load);
    return [tellings, ...others.map((key) => JSON.parse(sessionStorage.getItem(key)))].flat();
  };
  addEventListener('pagehide', keep);
}`;

export interface Telling {
  /** Which load of the page told it. */
  readonly load: string;
  /** 1, 2, 3, ... in each load. */
  readonly id: number;
  readonly at: number;
  readonly record: unknown;
}

declare global {
  interface Window {
    /** Tells the test something; it must survive JSON. */
    tell(record: unknown): void;
    /** `fetched`: the last id of each load that the test has. */
    tellingsAfter(fetched: Readonly<Record<string, number>>): Telling[];
  }
}
