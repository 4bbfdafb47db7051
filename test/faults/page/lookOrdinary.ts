/**
 * Makes the page's browser look like an ordinary user's, before anything else of the page runs: clerk-js takes `navigator.webdriver`, and
 * clerk-js 5 an `rtt` of 0, for a machine that is offline, and behaves otherwise then (`isValidBrowserOnline` in @clerk/shared).
 */
const query = new URLSearchParams(sessionStorage.getItem('bench') ?? '');
const number = (name: string) => Number(query.get(name));

Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false, configurable: true });
const { connection } = navigator as Navigator & { connection?: object };
if (connection) {
  const shape = Object.getPrototypeOf(connection);
  Object.defineProperty(shape, 'rtt', { get: () => number('rtt'), configurable: true });
  Object.defineProperty(shape, 'downlink', { get: () => 10, configurable: true });
}

// Jitter repeats with the seed (mulberry32). Each load of the page has its own numbers: Convex makes its session id of them.
const loads = Number(sessionStorage.getItem('loads')) + 1;
sessionStorage.setItem('loads', String(loads));
let a = (number('seed') + loads * 0x9e3779b9) >>> 0;
Math.random = () => {
  a = (a + 0x6d2b79f5) >>> 0;
  let t = Math.imul(a ^ (a >>> 15), a | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

export {};
