import { auth, clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server';
import { makeFunctionReference } from 'convex/server';
import type { NextMiddleware } from 'next/server';
import { createServerConvex } from './createServerConvex.ts';
import { getServerToken } from './getServerToken.ts';
import { guardAction } from './guardAction.ts';
import { withClerkGuard } from './withClerkGuard.ts';

// Clerk's and Next.js's own types fit as they are.
export const proxy: NextMiddleware = withClerkGuard(
  clerkMiddleware(async (session) => {
    await session.protect();
  }),
  { publicRoutes: createRouteMatcher(['/']) },
);
withClerkGuard(() => clerkMiddleware(), {
  publicRoutes: ['/', '/blog/*'],
  protectedRoutes: ({ nextUrl }) => nextUrl.search !== '',
});
withClerkGuard(undefined);
// @ts-expect-error: no middleware
withClerkGuard('clerk');

const list = makeFunctionReference<'query', { readonly room: string }, string[]>('messages:list');
const all = makeFunctionReference<'query', Record<string, never>, string[]>('messages:all');
const send = makeFunctionReference<'mutation', { readonly body: string }, number>('messages:send');

const convex = createServerConvex({ auth });
export const messages: Promise<string[]> = convex.fetchQuery(list, { room: 'a' }, { token: null });
export const everything: Promise<string[]> = convex.fetchQuery(all);
export const sent: Promise<number> = convex.fetchMutation(send, { body: 'x' });
// @ts-expect-error: it takes a room
void convex.fetchQuery(list);
// @ts-expect-error: a mutation is no query
void convex.fetchQuery(send, { body: 'x' });
// @ts-expect-error: the body is a text
void convex.fetchMutation(send, { body: 1 });

export const token = async (): Promise<string | null> => getServerToken(await auth());
export const named = async (): Promise<string | null> =>
  getServerToken({ getToken: (await auth()).getToken, template: 'mine' });

export const post = guardAction(async (body: string) => body.length);
export async function use(): Promise<number | string> {
  const result = await post('x');
  return result.ok ? result.value : result.failure.reference;
}
// @ts-expect-error: the action takes a text
void post(1);
