'use client';
import { useActionState } from 'react';
import { type PostState, post } from './post.ts';

const nothing: PostState = { status: 'idle', body: '' };

/** A form that works through an outage: what failed is said, and what was written is still there. */
export function PostForm() {
  const [state, action, isPending] = useActionState(post, nothing);
  return (
    <form action={action}>
      <input name="body" aria-label="Message" defaultValue={state.body} key={state.body} maxLength={500} />
      <button type="submit" disabled={isPending}>
        Post
      </button>
      <p role="status" data-testid="post-state">
        {isPending ? 'posting' : state.status}
      </p>
    </form>
  );
}
