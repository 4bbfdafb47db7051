import type { Check } from '../../check.ts';
import type { NetworkEvidence } from '../../evidence.ts';
import type { Finding } from '../../findings.ts';

/** Where two hosts or more were asked and nobody has answered, it is this machine's network: the first finding says so. */
export const withoutNetwork =
  (checks: readonly Check[]): Check =>
  (evidence) => {
    const findings = checks.flatMap((check) => check(evidence));
    return evidence.network && isDown(evidence.network) ? findings.slice(0, 1).map(ofEverybody) : findings;
  };

function ofEverybody(found: Finding): Finding {
  switch (found.code) {
    case 'FRONTEND_API_NOT_RESOLVED':
    case 'FRONTEND_API_UNREACHABLE':
    case 'FRONTEND_API_TLS_FAULT':
      return { ...found, args: { ...found.args, isEverybody: true } } as Finding;
    default:
      return found;
  }
}

function isDown({ frontendApi, identityProvider, convex, webhook, backendApi, incidents }: NetworkEvidence): boolean {
  const asked = [frontendApi, identityProvider, convex, webhook].flatMap((answer) => answer ?? []);
  const hosts = new Set(asked.map(({ host }) => host));
  const isAnswered = backendApi?.status !== undefined || incidents !== undefined;
  return hosts.size > 1 && !isAnswered && asked.every(({ fault }) => fault !== undefined);
}
