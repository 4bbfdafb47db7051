import { makeFunctionReference } from 'convex/server';

type NoArgs = Record<string, never>;

/** The functions of `test/faults/convex`. */
export const api = {
  headline: makeFunctionReference<'query', NoArgs, string>('site:headline'),
  ping: makeFunctionReference<'mutation', NoArgs, string>('site:ping'),
  me: makeFunctionReference<'query', NoArgs, string | null>('users:me'),
  messages: makeFunctionReference<'query', NoArgs, ReadonlyArray<{ _id: string; body: string }>>('messages:list'),
  post: makeFunctionReference<'mutation', { body: string }, null>('messages:post'),
};
