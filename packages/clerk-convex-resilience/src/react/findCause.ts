import { version as convexVersion } from 'convex';
import { version as reactVersion } from 'react';
import type { Clock } from '../core/clock.ts';
import type { Connectivity } from '../core/connectivity.ts';
import type { AuthFailure } from '../core/failure.ts';
import { type Claims, readClaims, readHeader } from '../core/jwt.ts';
import type { TokenSource } from '../core/tokenSource.ts';
import type { RuntimeEvidence } from '../diagnosis/evidence.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';
import { diagnoseRuntime } from '../diagnosis/runtimeEngine.ts';
import { unanswered } from './askWhySilent.ts';
import { askWithin } from './askWithin.ts';
import type { ClerkAuth, ClerkLike } from './clerkTypes.ts';
import type { ConvexClientLike } from './convexTypes.ts';
import { isDevelopment } from './isDevelopment.ts';
import { reported } from './reported.ts';
import { type Teller, tellOf } from './tellOf.ts';

/** What can be looked at when something was refused. */
export interface FailureScene extends Teller {
  readonly client: Pick<ConvexClientLike, 'url'>;
  readonly clock: Clock;
  readonly connectivity: Pick<Connectivity, 'readCookie' | 'baseUrl'>;
  readonly source: Pick<TokenSource, 'state' | 'trouble' | 'lastToken'>;
  readonly clerk: () => ClerkLike | undefined;
  readonly auth: () => ClerkAuth | null;
  /** The token that Convex refused last. Its claims are looked at; it goes nowhere. */
  readonly refusedToken: () => string | null;
}

/** What is kept of one trouble for as long as it lasts. */
export interface Memory {
  /** What a line was written of. */
  readonly told: ReportedFinding[];
  /** The keys that were asked for, and for which key of which issuer: they are asked for once. */
  keys?: { readonly of: string; readonly kids: Promise<readonly string[] | undefined> };
}

/**
 * Looks at everything that this page knows, and names the cause. Loaded when something is refused, and never before.
 * `failure`: null where nothing is refused yet. `before`: what has been found already; null when the trouble is another one by now. Answers `before` when nothing is new.
 * `memory`: what is new is added to it. `signal`: nobody wants to know any more.
 */
export async function findCause(
  scene: FailureScene,
  failure: AuthFailure | null,
  before: () => readonly ReportedFinding[] | null,
  memory: Memory,
  signal: AbortSignal,
): Promise<readonly ReportedFinding[]> {
  const { told } = memory;
  const runtime = await evidenceOf(scene, failure, memory, signal);
  const found = reported(diagnoseRuntime({ now: scene.clock.now(), runtime }), scene.development());
  const known = before();
  // Another trouble by now, or none: what was found is no news.
  if (!known || JSON.stringify(found) === JSON.stringify(known)) return known ?? found;
  tellOf(scene, found, told, signal);
  told.push(...found);
  return found;
}

async function evidenceOf(
  scene: FailureScene,
  failure: AuthFailure | null,
  memory: Memory,
  signal: AbortSignal,
): Promise<RuntimeEvidence> {
  const { client, connectivity, source, auth } = scene;
  const clerk = scene.clerk();
  const isConvex = failure?.source === 'convex';
  const token = (failure ? isConvex && scene.refusedToken() : source.lastToken()) || '';
  const claims = readClaims(token);
  const header = readHeader(token);
  const trouble = source.trouble();
  const { aheadMs } = source.state();
  const refusal = isConvex ? (failure?.cause as { readonly message?: unknown } | undefined)?.message : undefined;
  // One with a suffix is its own instance's, and does not get in the way of another's.
  const cookieIssuer = readClaims(connectivity.readCookie(/^__session$/) ?? '')?.iss;
  const sessionAudience = auth()?.sessionClaims?.aud;
  const known: { readonly [Key in keyof RuntimeEvidence]: RuntimeEvidence[Key] | undefined } = {
    origin: connectivity.baseUrl && new URL(connectivity.baseUrl).origin,
    publishableKey: clerk?.publishableKey,
    convexUrl: client.url,
    tokenRequest:
      failure === null || isConvex
        ? undefined
        : {
            ...(failure.status !== undefined && { status: failure.status }),
            ...(failure.code !== undefined && { code: failure.code }),
            // Session tokens for Convex are asked for without one (createConvexToken).
            template: ![sessionAudience].flat().includes('convex'),
          },
    claims: claims ?? undefined,
    header: header ?? undefined,
    refusal: typeof refusal === 'string' ? refusal : undefined,
    isUnanswered: failure?.code === unanswered || undefined,
    refusedForMs: trouble ? scene.clock.now() - trouble.since : undefined,
    clockAheadMs: aheadMs ?? undefined,
    publishedKids:
      failure?.kind === 'clock_skew' && claims
        ? await keysFor(`${header?.kid} ${claims.iss}`, memory, () => publishedKids(claims, scene.clock, signal))
        : undefined,
    cookieIssuer,
    isProduction: !isDevelopment(),
    versions: {
      ...(clerk?.version && { 'clerk-js': clerk.version }),
      convex: convexVersion,
      react: reactVersion,
    },
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Once for a cause: a token is refused every few seconds. */
function keysFor(
  of: string,
  memory: Memory,
  ask: () => Promise<readonly string[] | undefined>,
): Promise<readonly string[] | undefined> {
  if (memory.keys?.of !== of) memory.keys = { of, kids: ask() };
  return memory.keys.kids;
}

const answerWithinMs = 3_000;

/** Which keys the issuer publishes, to tell a wrong signature from a wrong clock: Convex says the same of both. */
async function publishedKids(
  { iss }: Claims,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  if (!/^https?:\/\//.test(iss ?? '')) return undefined;
  try {
    return await askWithin(clock, answerWithinMs, signal, async (asking) => {
      const answer = await globalThis.fetch(`${iss?.replace(/\/$/, '')}/.well-known/jwks.json`, { signal: asking });
      const { keys } = (await answer.json()) as { readonly keys?: readonly { readonly kid?: unknown }[] };
      return keys?.map(({ kid }) => String(kid));
    });
  } catch {
    return undefined;
  }
}
