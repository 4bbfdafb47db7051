import type { NextMiddleware, NextRequest } from 'next/server';
import { systemClock } from '../../core/clock.ts';
import { createTestClock, type TestClock } from '../../core/testClock.ts';
import type { GuardErrorReport } from './createGuardReport.ts';
import { countCookie } from './loopCount.ts';
import { readVerdict } from './readVerdict.ts';
import { event, jwtKey, liveKeys, navigation, type RealClerk } from './testClerk.ts';
import { type ClerkGuardOptions, withClerkGuard } from './withClerkGuard.ts';

export const publicRoutes = ['/', '/about', '/blog/*'];

/** The real middleware, as an app writes it; `before`: what its handler does first. Its keys are at hand, unless `options` says otherwise. */
export const middlewareOf = (
  clerk: RealClerk,
  before?: () => Promise<unknown>,
  options: { readonly jwtKey?: string } = { jwtKey },
): NextMiddleware =>
  clerk.clerkMiddleware(async (auth, request) => {
    await before?.();
    if (!publicRoutes.includes(request.nextUrl.pathname)) await auth.protect();
  }, options);

export interface Rig {
  readonly see: (request: NextRequest) => Promise<Response>;
  readonly clock: TestClock;
  readonly lines: string[];
  readonly reports: GuardErrorReport[];
}

/** A guard on a clock that stands still, with what it writes. */
export function rigOf(middleware: Parameters<typeof withClerkGuard>[0], options: Partial<ClerkGuardOptions> = {}): Rig {
  // Clerk reads the real clock, so the guard's starts there.
  const clock = createTestClock({ now: systemClock.now() });
  const lines: string[] = [];
  const reports: GuardErrorReport[] = [];
  const write = (message: string, line: object) => void lines.push(`${message} ${JSON.stringify(line)}`);
  const guard = withClerkGuard(middleware, {
    ...liveKeys,
    publicRoutes,
    clock,
    fetch: async () => new Response('{}', { headers: { date: new Date(clock.now()).toUTCString() } }),
    logger: { warn: write, error: write },
    onError: (report) => reports.push(report),
    ...options,
  });
  return { see: async (request) => (await guard(request, event)) as Response, clock, lines, reports };
}

/** The cookie of an address that was redirected as often as it may be, to handshakes and to sign in, as anybody can write it. */
export function fullCount({ url }: NextRequest): string {
  const location = 'https://clerk.example.com/v1/client/handshake';
  const counts = ['handshake', 'signed-out'].map((status) => {
    const headers = { 'x-clerk-auth-status': status, 'x-clerk-auth-reason': 'session-token-expired', location };
    const document = navigation(new URL(url).pathname + new URL(url).search);
    return countCookie(document, readVerdict(new Response(null, { status: 307, headers }), document)) ?? '';
  });
  const [name] = counts[0]?.split('=') ?? [];
  return `${name}=${counts.map((count) => count.replace(/^[^.]*(\.[^;]*);.*/, '9$1')).join('~')}`;
}

/** What a request has of somebody whose token is this. */
export const cookie = (token: string, more = ''): { headers: Record<string, string> } => ({
  headers: { cookie: `__session=${token}; __client_uat=1700000000${more}` },
});
