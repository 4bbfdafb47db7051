import type { Check } from '../../check.ts';
import { type Finding, finding } from '../../findings.ts';
import { frontendApiOf, hostOf } from '../issuers.ts';
import { show, unseen } from '../show.ts';

/** What stands between the page and Clerk in this browser: a blocked script, refused cookies, those of another instance. */
export const checkBrowser: Check = ({ runtime }) => {
  const { scriptBlocked, cookiesRefused, cookieIssuer, publishableKey, origin } = runtime ?? {};
  const findings: Finding[] = [];
  if (scriptBlocked) {
    const { host, csp } = scriptBlocked;
    findings.push(finding('CLERK_JS_BLOCKED', { host: show(host), reason: csp ? 'csp' : 'network' }));
  }
  const frontendApi = frontendApiOf(publishableKey);
  if (cookiesRefused) findings.push(finding('THIRD_PARTY_COOKIES_BLOCKED', { host: show(frontendApi ?? unseen) }));

  const cookieHost = hostOf(cookieIssuer);
  // Behind a proxy of the app's own the issuer may be the app.
  if (cookieHost && frontendApi && cookieHost !== hostOf(frontendApi) && cookieHost !== hostOf(origin)) {
    findings.push(finding('STALE_CLERK_COOKIES', { seen: show(cookieHost), expected: show(frontendApi) }));
  }
  return findings;
};
