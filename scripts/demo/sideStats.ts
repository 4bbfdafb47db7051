import type { SideStats } from '../../examples/vite-app/src/lab/protocol.ts';
import type { EmulatorPair } from './emulatorPair.ts';

/** Counts what the servers of one side saw from `since` on; `ended` is when the fault was over. */
export function sideStats({ clerk, convex }: EmulatorPair, since: number, ended: number | null): SideStats {
  const requests = clerk.log.filter(({ at, path }) => at >= since && path.startsWith('/v1/'));
  const sync = convex.log.filter(({ at }) => at >= since);
  const tokens = requests.filter(({ path }) => isTokenRequest(path));
  const words = convex.authentications.filter(({ at }) => at >= since);
  return {
    clerkRequests: requests.length,
    faulted: [...requests, ...sync].filter(({ fault }) => fault !== undefined).length,
    faultedTokens: tokens.filter(({ fault }) => fault !== undefined).length,
    authenticates: sync.filter(({ method, path }) => method === 'MESSAGE' && path === 'Authenticate').length,
    refusals: words.filter(({ kind }) => kind === 'refused').length,
    anonymousRuns: convex.runs.filter(({ at, identity }) => at >= since && identity === null).length,
    goodTokenAt: tokens.find(({ at, status, fault }) => at >= (ended ?? since) && status === 200 && !fault)?.at ?? null,
  };
}

const isTokenRequest = (path: string) => /^\/v1\/client\/sessions\/[^/]+\/tokens(\/|$)/.test(path);
