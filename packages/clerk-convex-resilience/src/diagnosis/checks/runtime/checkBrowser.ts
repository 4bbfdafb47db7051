import type { Check } from '../../check.ts';
import { type Finding, finding } from '../../findings.ts';
import { frontendApiOf, hostOf } from '../issuers.ts';
import { show } from '../show.ts';

/**
 * What stands between the page and Clerk in this browser: a blocked script, cookies of another instance. That third-party
 * cookies are blocked no page can tell: `__client` is out of a script's reach, clerk-js keeps `__clerk_db_jwt` in memory too
 * (createDevBrowser, 6.40.0), and after a reload this looks as if nobody had ever signed in.
 */
export const checkBrowser: Check = ({ runtime }) => {
  const { scriptBlocked, cookieIssuer, publishableKey, origin } = runtime ?? {};
  const findings: Finding[] = [];
  if (scriptBlocked) {
    const { host, csp } = scriptBlocked;
    findings.push(finding('CLERK_JS_BLOCKED', { host: show(host), reason: csp ? 'csp' : 'network' }));
  }
  const frontendApi = frontendApiOf(publishableKey);
  const cookieHost = hostOf(cookieIssuer);
  // Behind a proxy of the app's own the issuer may be the app.
  if (cookieHost && frontendApi && cookieHost !== hostOf(frontendApi) && cookieHost !== hostOf(origin)) {
    findings.push(finding('STALE_CLERK_COOKIES', { seen: show(cookieHost), expected: show(frontendApi) }));
  }
  return findings;
};
