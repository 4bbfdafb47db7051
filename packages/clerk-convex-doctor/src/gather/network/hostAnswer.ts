import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import { type Answer, isFault } from './ask.ts';
import type { Fault } from './faultOf.ts';
import { readUrl } from './readUrl.ts';

/** The part of an answer, or the fault in its place, that findings are made from. */
export function hostAnswer(url: URL, answer: Answer | Fault, isGenuine?: boolean): HostAnswer {
  const { host } = url;
  if (isFault(answer)) return { host, fault: answer.fault, reason: answer.reason };
  const contentType = answer.headers.get('content-type');
  const location = locationOf(url, answer);
  return {
    host,
    status: answer.status,
    ...(contentType !== null && { contentType }),
    ...(isGenuine !== undefined && { isGenuine }),
    ...(location !== undefined && { location }),
  };
}

/** Where it redirects to, without the query: that may hold a token. */
function locationOf(url: URL, { headers }: Answer): string | undefined {
  const given = headers.get('location');
  if (given === null) return undefined;
  try {
    return readUrl(new URL(given, url).href)?.href;
  } catch {
    return undefined;
  }
}

/** For the list of steps: `200`, `ECONNREFUSED`. */
export const seenIn = ({ host, status, fault, reason, isGenuine }: HostAnswer): string =>
  `${host}: ${fault ? `${fault} (${reason})` : `${status}${isGenuine === false ? ', not the answer that it gives' : ''}`}`;
