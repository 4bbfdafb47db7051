'use client';
import { useActionState } from 'react';
import { type PostState, post } from './post.ts';

const nothing: PostState = { status: 'idle', body: '' };

/** As React's guide has it: what the action throws is for the nearest error boundary. */
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
