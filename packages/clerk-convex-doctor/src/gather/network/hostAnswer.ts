import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import { type Answer, isFault } from './ask.ts';
import type { Fault } from './faultOf.ts';
import { readUrl } from './readUrl.ts';

/** What edges write on an answer of their firewall: Cloudflare, Vercel, AWS. */
const marks = ['cf-mitigated', 'x-vercel-mitigated', 'x-amzn-waf-action'];

/** Has a firewall answered, and not the host behind it? Cloudflare's page for whom it blocks bears no mark but its name. */
const isFirewalls = ({ status, headers }: Answer): boolean =>
  marks.some((name) => headers.has(name)) ||
  (status === 403 &&
    /^cloudflare$/i.test(headers.get('server') ?? '') &&
    /\bhtml\b/i.test(headers.get('content-type') ?? ''));

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
    ...(isFirewalls(answer) && { isFirewall: true as const }),
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
export function seenIn({ host, status, fault, reason, isGenuine, isFirewall }: HostAnswer): string {
  if (fault) return `${host}: ${fault} (${reason})`;
  const whose = isFirewall ? ', of a firewall' : isGenuine === false ? ', not the answer that it gives' : '';
  return `${host}: ${status}${whose}`;
}
