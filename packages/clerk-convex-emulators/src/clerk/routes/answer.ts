import type { Context } from 'hono';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import type { Client } from '../clerkState.ts';
import { clientJson } from '../json/clientJson.ts';

/** The shape of a mutation's answer: what was asked for, and the whole client, from which clerk-js updates itself. */
export async function answer(
  c: Context<ClerkEnv>,
  context: ClerkContext,
  response: unknown,
  client: Client | undefined = c.env.browser.client(),
): Promise<Response> {
  return c.json({ response, client: client ? await clientJson(client, context) : null });
}

/** A page of a list, as clerk-js asks for it (`limit`, `offset`). */
export function paginate<Item>(c: Context<ClerkEnv>, items: readonly Item[]): { data: Item[]; total_count: number } {
  const offset = Number(c.req.query('offset')) || 0;
  const limit = Number(c.req.query('limit')) || 20;
  return { data: items.slice(offset, offset + limit), total_count: items.length };
}
