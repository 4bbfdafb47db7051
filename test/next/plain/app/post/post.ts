'use server';
import { auth } from '@clerk/nextjs/server';
import { fetchMutation } from 'convex/nextjs';
import { api } from '../../convex/_generated/api';

export interface PostState {
  readonly status: string;
  readonly body: string;
}

export async function post(_: PostState, form: FormData): Promise<PostState> {
  const { getToken } = await auth();
  const token = await getToken({ template: 'convex' });
  await fetchMutation(api.messages.send, { body: String(form.get('body')) }, token ? { token } : {});
  return { status: 'posted', body: '' };
}
