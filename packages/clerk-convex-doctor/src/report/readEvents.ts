import { CannotRun } from '../cannotRun.ts';

/** So many are told, the last ones. */
const most = 50;

/**
 * The last events of what the developers' panel exports, or of what an app has kept from `onEvent`: a JSON array, JSON with
 * `events`, a JSON object in each line, or the panel's report, whose events stand between fences.
 */
export function readEvents(text: string): readonly unknown[] {
  const trimmed = text.trim();
  if (trimmed === '') throw new CannotRun('--events: the file is empty.');
  const whole = parsed(trimmed);
  const list = Array.isArray(whole) ? whole : (whole as { readonly events?: unknown } | undefined)?.events;
  if (Array.isArray(list)) return list.slice(-most);
  const fenced = /### Events[^\n]*\n+```\w*\n([\s\S]*?)\n```/.exec(trimmed)?.[1];
  if (fenced !== undefined)
    return fenced
      .split('\n')
      .map((line) => line.trim())
      .slice(-most);
  const lines = trimmed
    .split(/\r?\n/)
    .map(parsed)
    .filter((line) => typeof line === 'object' && line !== null);
  if (lines.length > 0) return lines.slice(-most);
  throw new CannotRun(
    '--events: there are no events in the file. It takes the report of the panel (AuthDevtools, "Copy report"), a JSON array of events, or one in each line.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
