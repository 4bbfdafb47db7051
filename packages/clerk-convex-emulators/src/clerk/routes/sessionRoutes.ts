import { Hono } from 'hono';
import { notFound, unauthenticated } from '../clerkApiError.ts';
import type { Browser, ClerkContext, ClerkEnv } from '../clerkContext.ts';
import type { Session } from '../clerkState.ts';
import { sessionJson } from '../json/clientJson.ts';
import { readBody } from '../readBody.ts';
import { answer } from './answer.ts';

/** Sessions: tokens, touch (which switches the organisation), and the end. */
export function sessionRoutes(context: ClerkContext): Hono<ClerkEnv> {
  const { state, tokens, runtime, now } = context;

  function active(browser: Browser, id: string): Session {
    const session = state.sessions.get(id);
    if (!session || session.client !== browser.client() || session.status !== 'active') throw unauthenticated();
    session.origin = browser.origin ?? session.origin;
    return session;
  }

  /** '' is the personal account; undefined: what the session has. */
  function organizationId(session: Session, given: string | undefined): string | null {
    if (given === undefined) return session.activeOrganizationId;
    if (given === '') return null;
    const found = [...state.organizations.values()].find(({ id, slug }) => id === given || slug === given);
    if (found && session.user.memberships.some((membership) => membership.organizationId === found.id)) return found.id;
    throw notFound(`The organization ${given} does not exist, or this user is not a member of it.`);
  }

  return new Hono<ClerkEnv>()
    .get('/v1/client/sessions/:id', async (c) =>
      answer(c, context, await sessionJson(active(c.env.browser, c.req.param('id')), context)),
    )
    .post('/v1/client/sessions/:id/touch', async (c) => {
      const session = active(c.env.browser, c.req.param('id'));
      const fields = await readBody(c);
      state.chooseOrganization(session, organizationId(session, fields.active_organization_id));
      session.lastActiveAt = now();
      session.updatedAt = now();
      session.client.lastActiveSessionId = session.id;
      return answer(c, context, await sessionJson(session, context));
    })
    .post('/v1/client/sessions/:id/tokens/:template?', async (c) => {
      const session = active(c.env.browser, c.req.param('id'));
      const template = c.req.param('template');
      if (template !== undefined && !Object.hasOwn(runtime().jwtTemplates, template)) {
        throw notFound(`No JWT template exists with name: ${template}`);
      }
      const organization = organizationId(session, (await readBody(c)).organization_id);
      if (c.env.fault?.type === 'empty_token') return c.json({ object: 'token', jwt: '' });
      const key = `${template ?? ''} ${organization ?? ''}`;
      const previous = c.env.fault?.type === 'identical_token' ? session.answered.get(key) : undefined;
      const jwt = previous ?? (await tokens.mint(session, { template, organizationId: organization }));
      session.answered.set(key, jwt);
      return c.json({ object: 'token', jwt });
    })
    .post('/v1/client/sessions/:id/:action{end|remove}', async (c) => {
      const session = active(c.env.browser, c.req.param('id'));
      state.endSession(session, c.req.param('action') === 'end' ? 'ended' : 'removed');
      return answer(c, context, await sessionJson(session, context));
    });
}
