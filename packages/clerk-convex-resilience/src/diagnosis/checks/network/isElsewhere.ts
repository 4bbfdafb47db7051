import type { HostAnswer } from '../../evidence.ts';
import { hostOf } from '../issuers.ts';

/** Has something in between answered in a host's place? A page where JSON is due, or a way to another host. */
export function isElsewhere(answer: HostAnswer): boolean {
  const { status, isGenuine } = answer;
  if (status === undefined || isGenuine === true || status === 429 || answer.isFirewall) return false;
  // Network Authentication Required (RFC 6585): a captive portal that says so.
  if (status === 511) return true;
  // A server that fails has a page for it, as its edge has: that is the server still.
  if (status >= 500) return false;
  if (status >= 300 && status < 400) return isGenuine === false || redirectHost(answer) !== undefined;
  return status < 300 && (isGenuine === false || isHtml(answer));
}

/** What it says, in a line: `302 to portal.example`, `200 text/html`. */
export function seenOf(answer: HostAnswer): string {
  const host = redirectHost(answer);
  if (host !== undefined) return `${answer.status} -> ${host}`;
  return answer.contentType ? `${answer.status} ${answer.contentType}` : String(answer.status);
}

/** The other host that it leads to. */
function redirectHost({ host, location }: HostAnswer): string | undefined {
  const to = location?.startsWith('/') ? undefined : hostOf(location);
  return to === host ? undefined : to;
}

const isHtml = ({ contentType = '' }: HostAnswer): boolean => /\bhtml\b/i.test(contentType);
