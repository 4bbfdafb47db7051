/** `0.3 s`, `12 s`, `2 min 5 s`. */
export function inSeconds(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Since the timeline began: `+3.25 s`, `+2:05`. */
export function offset(ms: number): string {
  if (ms < 60_000) return `+${(Math.max(0, ms) / 1000).toFixed(2)} s`;
  const seconds = Math.floor(ms / 1000);
  return `+${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Of a moment, seen from now: `in 42 s`, `12 s ago`. */
export const fromNow = (at: number, now: number): string =>
  at >= now ? `in ${inSeconds(at - now)}` : `${inSeconds(now - at)} ago`;

export const isoTime = (ms: number): string => {
  try {
    return new Date(ms).toISOString();
  } catch {
    return 'no date'; // a claim may be any number
  }
};
