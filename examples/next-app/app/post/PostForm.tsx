'use client';
import { unstable_rethrow } from 'next/navigation';
import { useActionState } from 'react';
import { type PostState, post } from './post.ts';

const nothing: PostState = { status: 'idle', body: '' };

/** A request that the middleware refuses, or that does not arrive, rejects the call itself: then the text is kept, too. */
async function keepText(before: PostState, form: FormData): Promise<PostState> {
  try {
    return await post(before, form);
  } catch (error) {
    unstable_rethrow(error); // of Next.js's own, as a redirect is
    return { status: 'try_again', body: String(form.get('body') ?? '') };
  }
}

/** A form that works through an outage: what failed is said, and what was written is still there. */
export function PostForm() {
  const [state, action, isPending] = useActionState(keepText, nothing);
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
