'use server';
import { auth } from '@clerk/nextjs/server';
import { guardAction } from 'clerk-convex-resilience/next';
import { api } from '../../convex/_generated/api';
import { convex } from '../serverConvex.ts';

export interface PostState {
  readonly status: 'idle' | 'posted' | 'signed_out' | 'try_again' | 'failed';
  /** What to keep in the field. */
  readonly body: string;
}

const send = guardAction((body: string) => convex.fetchMutation(api.messages.send, { body }), {
  // The log has a line without it; here is what was thrown, for an error tracker.
  onError: ({ failure, reference }) => console.error(reference, failure.cause),
});

/** In an outage it answers what failed, in place of a crash. */
export async function post(_: PostState, form: FormData): Promise<PostState> {
  const body = String(form.get('body') ?? '');
  const { userId } = await auth();
  if (!userId) return { status: 'signed_out', body };
  const sent = await send(body);
  if (sent.ok) return { status: 'posted', body: '' };
  return { status: sent.failure.retryable ? 'try_again' : 'failed', body };
}
