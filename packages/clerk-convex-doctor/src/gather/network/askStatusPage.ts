import { stripVTControlCharacters } from 'node:util';
import { redactText } from 'clerk-convex-resilience/diagnosis';
import { type Answer, ask, isFault } from './ask.ts';
import type { Fault } from './faultOf.ts';
import { isObject, jsonOf, objectsIn } from './json.ts';
import { below } from './readUrl.ts';

/** Titles of the incidents that are open; a string says why they cannot be known. */
export async function askStatusPage(base: URL, timeoutMs: number): Promise<readonly string[] | string> {
  const summary = await ask(below(base, '/api/v2/summary.json'), { timeoutMs });
  if (isFault(summary)) return `${summary.fault} (${summary.reason})`;
  const v2 = incidentsIn(summary);
  // A page of incident.io speaks the language of Statuspage, but may leave the list out: its own is in another place.
  if (v2?.isComplete) return v2.titles;
  const own = await ask(below(base, '/api/v1/summary'), { timeoutMs });
  return incidentsIn(own)?.titles ?? v2?.titles ?? `answered ${summary.status}, and says nothing that can be read`;
}

interface Incidents {
  readonly titles: readonly string[];
  /** There was a list; otherwise it is only known whether all is well. */
  readonly isComplete: boolean;
}

/**
 * Reads either shape: Statuspage's `{ status: { indicator }, incidents: [{ name, status }] }`, and incident.io's
 * `{ ongoing_incidents: [{ name, status }] }`, which may be inside `summary`.
 */
export function incidentsIn(answer: Answer | Fault): Incidents | undefined {
  const json = isFault(answer) || answer.status !== 200 ? undefined : jsonOf(answer);
  if (!isObject(json)) return undefined;
  const inner = isObject(json.summary) ? json.summary : json;
  const list = objectsIn(inner.ongoing_incidents) ?? objectsIn(inner.incidents);
  if (list) {
    const open = list.filter(({ status }) => status !== 'resolved' && status !== 'postmortem');
    return { titles: open.flatMap(({ name }) => (typeof name === 'string' ? [titleOf(name)] : [])), isComplete: true };
  }
  const { status } = inner;
  if (!isObject(status) || typeof status.indicator !== 'string') return undefined;
  const isWell = status.indicator === 'none' || status.indicator === 'maintenance';
  return { titles: isWell ? [] : [titleOf(String(status.description ?? status.indicator))], isComplete: false };
}

/** One line, without what moves a terminal's cursor. */
const titleOf = (text: string): string =>
  stripVTControlCharacters(redactText(text))
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200);
