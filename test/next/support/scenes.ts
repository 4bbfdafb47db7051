import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import type { Stage } from './openStage.ts';
import { visit } from './Visit.ts';
import { ask, visitorCookie } from './withoutKeys.ts';

// What several rows do, or look at.

export const ada = 'ada@example.com';
export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** All of Clerk, but its scripts. */
export const dead = { match: '/v1/', action: 'reset' } as const;

/** A visitor whose browser has everything that Clerk gives to one who is signed in. */
export async function signedIn(stage: Stage, browser: Browser, path = '/') {
  const seat = await visit(browser, stage, ada);
  await seat.open(path);
  const word = await seat.until('in', 60_000);
  if (word !== 'in') throw new Error(`Not signed in on the ${stage.side} side: ${word}`);
  return seat;
}

/** What is in the place of the profile when a fault ends after two seconds. */
export async function profileWhile(
  stage: Stage,
  browser: Browser,
  { faults }: Pick<Stage['clerk'], 'faults'> | Pick<Stage['convex'], 'faults'>,
  fault: Parameters<typeof faults.add>[0],
): Promise<string> {
  const { context, page, sessionId } = await signedIn(stage, browser);
  await refreshSessionCookie(stage, context, sessionId);
  const active = faults.add(fault);
  const mended = (async () => {
    for (let waited = 0; waited < 20_000 && active.fired === 0; waited += 50) await wait(50);
    await wait(2_000);
    active.remove();
  })();
  await page.goto(`${stage.server.url}/profile`, { waitUntil: 'commit' });
  const profile = page.getByTestId('profile');
  const error = page.getByTestId('profile-error');
  await profile.or(error).waitFor();
  const seen = (await error.count()) > 0 ? 'an error in its place' : `${await profile.textContent()}`;
  await mended;
  await context.close();
  return active.fired === 0 ? 'nothing was asked' : seen;
}

/** What React complains of, a hydration that differs above all; that Clerk is not there the console may say. */
export function ofReact(complaints: readonly string[]): string {
  const found = complaints.filter((text) => /hydrat|did not match|Minified React error|Maximum update/i.test(text));
  return found.join(' | ') || 'no errors of React';
}

/** Where the page is, and what a person sees there in short. */
export async function where(page: Page): Promise<string> {
  const { protocol, pathname } = new URL(page.url());
  if (protocol === 'chrome-error:') return 'an error page of the browser';
  const text = (await page.evaluate<string>('document.body.innerText').catch(() => '')).replace(/\s+/g, ' ').trim();
  return `${pathname} "${text.slice(0, 60)}"`;
}

/** A form is sent in an outage, and once more when it is mended. `isOver`: the session token that goes with it is. */
export async function serverAction(
  stage: Stage,
  browser: Browser,
  outage: Parameters<Stage['clerk']['faults']['add']>[0],
  { isOver = false } = {},
): Promise<string> {
  const { context, page, sessionId } = await signedIn(stage, browser, '/post');
  const text = `From the ${stage.side} side${isOver ? ', in an outage' : ''}`;
  const state = page.getByTestId('post-state');
  const settled = async () => {
    for (let waited = 0; waited < 12_000; waited += 100) {
      if ((await state.count()) === 0) return 'no form';
      const now = await state.textContent({ timeout: 500 }).catch(() => null);
      if (now !== null && now !== 'idle' && now !== 'posting' && now !== last) return now;
      await wait(100);
    }
    return `still ${await state.textContent({ timeout: 500 }).catch(() => 'nothing')}`;
  };
  let last: string | undefined;
  const field = page.getByLabel('Message');
  await field.fill(text);
  const fault = stage.clerk.faults.add(outage);
  let over = '';
  if (isOver) {
    await keepSessionCookie(page);
    over = await expireSessionCookie(stage, context, sessionId);
  }
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  const during = await settled();
  last = during;
  const kept = (await field.count()) > 0 && (await field.inputValue()) === text ? 'the text kept' : 'the text lost';
  const fired = fault.fired;
  fault.remove();
  if (isOver) {
    await page.evaluate('delete document.cookie');
    // clerk-js writes its token again, and a bad word of Clerk holds for two seconds.
    for (let waited = 0; waited < 12_000 && (await isCookieOf(context, over)); waited += 100) await wait(100);
    await wait(2_500);
  }
  if (fired === 0 && stage.side === 'ours') return 'nothing was asked of Clerk';
  let after = 'no form';
  if ((await page.getByRole('button', { name: 'Post', exact: true }).count()) > 0) {
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    after = await settled();
  }
  await context.close();
  const rowsOf = await messagesOf(stage);
  return `${during}, ${kept}; mended: ${after}, ${rowsOf.filter((body) => body === text).length} row`;
}

/** A session cookie whose token ran out a minute ago, as a laptop has it that was asleep. */
export async function expireSessionCookie(stage: Stage, context: BrowserContext, sessionId: string): Promise<string> {
  const token = await overToken(stage.clerk, sessionId);
  await setSessionCookie(context, token);
  return token;
}

/** A token that ran out a minute ago. */
export async function overToken(clerk: Stage['clerk'], sessionId: string): Promise<string> {
  clerk.configure({ clockSkewSeconds: -120 });
  const token = await clerk.mintToken(sessionId);
  clerk.configure({ clockSkewSeconds: 0 });
  return token;
}

/**
 * From now on this document's scripts leave the session cookie as it is. clerk-js writes the token that it holds into it every
 * five seconds; in a browser whose token is over it holds none that is good. `delete document.cookie` ends it.
 */
export const keepSessionCookie = (page: Page): Promise<void> =>
  page.evaluate(`{
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
    Object.defineProperty(document, 'cookie', {
      configurable: true,
      get: () => cookie.get.call(document),
      set: (text) => /^__session/.test(text) || cookie.set.call(document, text),
    });
  }`);

const isCookieOf = async (context: BrowserContext, token: string): Promise<boolean> =>
  (await context.cookies()).some(({ value }) => value === token);

/** What the router of Next.js asks for when a link is followed, and not what it fetches beforehand. */
export const isNavigationTo =
  (path: string) =>
  (request: Request): boolean => {
    const headers = request.headers();
    return new URL(request.url()).pathname === path && 'rsc' in headers && !('next-router-prefetch' in headers);
  };

/** The pages of the app with other settings, as a visitor's browser asks for them. */
export async function pagesWith(stage: Stage, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const server = await stage.fresh(env);
  try {
    return await ask(server.url, visitorCookie);
  } finally {
    await server.close();
  }
}

export const portOf = (url: string): number => Number(new URL(url).port);

/** One with all its life before it, so that the middleware has nothing to ask. */
export async function refreshSessionCookie(stage: Stage, context: BrowserContext, sessionId: string): Promise<void> {
  await setSessionCookie(context, await stage.clerk.mintToken(sessionId));
}

async function setSessionCookie(context: BrowserContext, token: string): Promise<void> {
  const cookies = await context.cookies();
  await context.addCookies(
    cookies.filter(({ name }) => /^__session/.test(name)).map((cookie) => ({ ...cookie, value: token })),
  );
}

async function messagesOf({ convex }: Stage): Promise<readonly string[]> {
  const response = await fetch(`${convex.url}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: 'messages:list', args: {}, format: 'json' }),
  });
  const { value } = (await response.json()) as { value: Array<{ body: string }> };
  return value.map(({ body }) => body);
}
