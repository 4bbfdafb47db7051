import { type Context, Hono } from 'hono';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import { activeSessions, type Client } from '../clerkState.ts';
import { newId } from '../newId.ts';
import { cookieSuffix, toPublishableKey } from '../publishableKey.ts';

/**
 * The handshake, to which a server sends a page load whose cookies do not say who it is: back to where it came from, with
 * the cookies in a signed token (HandshakeService and authenticateRequest in @clerk/backend 3.25, which asks for a nonce
 * and takes a token too).
 */
export function handshakeRoutes(context: ClerkContext): Hono<ClerkEnv> {
  const { state, tokens, now, url } = context;
  const suffix = cookieSuffix(toPublishableKey(url));

  /** A development server sends a dev browser id besides; the cookie of this host says who it is all the same. */
  function clientOf(c: Context<ClerkEnv>): Client | undefined {
    const cookie = /(?:^|;\s*)__client=([^;]*)/.exec(c.req.header('cookie') ?? '')?.[1];
    return c.env.browser.client() ?? (cookie === undefined ? undefined : state.clientOfCookie(cookie));
  }

  return new Hono<ClerkEnv>().get('/v1/client/handshake', async (c) => {
    const given = c.req.query('redirect_url') ?? '';
    if (!URL.canParse(given)) return c.text('redirect_url is missing, or no URL.\n', 400);
    const back = new URL(given);
    const client = clientOf(c);
    const sessions = client ? activeSessions(client) : [];
    const session = sessions.find(({ id }) => id === client?.lastActiveSessionId) ?? sessions[0];
    if (session) session.origin = back.origin;

    const cookies: Record<string, string> = {
      __clerk_db_jwt: c.req.query('__clerk_db_jwt') ?? newId('dvb_'),
      __client_uat: session ? String(Math.floor(session.createdAt / 1000)) : '0',
      __session: session ? await tokens.mint(session) : '',
    };
    const directives = Object.entries(cookies).flatMap(([name, value]) =>
      [name, `${name}_${suffix}`].map(
        (each) => `${each}=${value}; Path=/; SameSite=Lax; Max-Age=${value === '' ? 0 : 365 * 24 * 3600}`,
      ),
    );
    back.searchParams.set('__clerk_handshake', await tokens.sign({ handshake: directives }, now() + 60_000));
    return c.redirect(back.href, 307);
  });
}
