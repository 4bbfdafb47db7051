import { type Context, Hono } from 'hono';
import { ClerkApiError, invalidParam, notFound, unauthenticated } from '../clerkApiError.ts';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import { activeSessions, type Organization, type Session } from '../clerkState.ts';
import { bareSessionJson } from '../json/clientJson.ts';
import { membershipJson, organizationJson, userJson } from '../json/userJson.ts';
import { readBody, readObject } from '../readBody.ts';
import { answer, paginate } from './answer.ts';

/** The signed-in user and its organisations, as far as the prebuilt components ask. */
export function meRoutes(context: ClerkContext): Hono<ClerkEnv> {
  const { state } = context;

  /** The session that the request names, else the last active one. */
  function session(c: Context<ClerkEnv>): Session {
    const client = c.env.browser.client();
    const id = c.req.query('_clerk_session_id') ?? client?.lastActiveSessionId;
    const found = client && activeSessions(client).find((candidate) => candidate.id === id);
    if (!found) throw unauthenticated();
    return found;
  }

  function organization(c: Context<ClerkEnv>, id: string): Organization {
    const { user } = session(c);
    const found = state.organizations.get(id);
    if (found && user.memberships.some(({ organizationId }) => organizationId === id)) return found;
    throw notFound(`The organization ${id} does not exist, or this user is not a member of it.`);
  }

  return new Hono<ClerkEnv>()
    .get('/v1/me', (c) => answer(c, context, userJson(session(c).user, context)))
    .patch('/v1/me', async (c) => {
      const { user } = session(c);
      const fields = await readBody(c);
      state.updateUser(user, {
        firstName: fields.first_name ?? user.firstName,
        lastName: fields.last_name ?? user.lastName,
        unsafeMetadata: readObject(fields.unsafe_metadata, 'unsafe_metadata') ?? user.unsafeMetadata,
      });
      return answer(c, context, userJson(user, context));
    })
    .delete('/v1/me', async (c) => {
      const { user } = session(c);
      state.deleteUser(user);
      return answer(c, context, { object: 'user', id: user.id, deleted: true });
    })
    .get('/v1/me/sessions/active', (c) => {
      const { user } = session(c);
      const own = [...state.sessions.values()].filter((item) => item.user === user && item.status === 'active');
      const activity = { object: 'session_activity', id: 'sess_activity', is_mobile: false, browser_name: 'Emulator' };
      return c.json(own.map((item) => ({ ...bareSessionJson(item), user: null, latest_activity: activity })));
    })
    .get('/v1/me/organization_memberships', (c) => {
      const { user } = session(c);
      const memberships = user.memberships.flatMap((membership) => membershipJson(user, membership, context) ?? []);
      return answer(c, context, paginate(c, memberships));
    })
    .get('/v1/me/:list{organization_invitations|organization_suggestions}', (c) => {
      session(c);
      return answer(c, context, paginate(c, []));
    })
    .post('/v1/organizations', async (c) => {
      const { user } = session(c);
      const { name, slug } = await readBody(c);
      if (!name) throw invalidParam('form_param_nil', 'name', 'Enter name.');
      const wanted =
        slug ||
        name
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .replace(/^-|-$/g, '');
      if ([...state.organizations.values()].some((other) => other.slug === wanted)) {
        throw new ClerkApiError(422, 'form_identifier_exists', 'already exists', 'The given slug already exists.', {
          param_name: 'slug',
        });
      }
      return answer(c, context, organizationJson(state.addOrganization(name, wanted, user), context));
    })
    .get('/v1/organizations/:id', (c) =>
      answer(c, context, organizationJson(organization(c, c.req.param('id')), context)),
    )
    .get('/v1/organizations/:id/memberships', (c) => {
      const { id } = organization(c, c.req.param('id'));
      const members = [...state.users.values()].flatMap((user) =>
        user.memberships
          .filter(({ organizationId }) => organizationId === id)
          .flatMap((membership) => membershipJson(user, membership, context) ?? []),
      );
      return answer(c, context, paginate(c, members));
    })
    .get('/v1/organizations/:id/roles', (c) => {
      organization(c, c.req.param('id'));
      const role = (key: string, name: string) => ({ object: 'role', id: `role_${name}`, key, name, permissions: [] });
      return answer(c, context, paginate(c, [role('org:admin', 'Admin'), role('org:member', 'Member')]));
    })
    .get('/v1/organizations/:id/:list{invitations|domains|membership_requests}', (c) => {
      organization(c, c.req.param('id'));
      return answer(c, context, paginate(c, []));
    });
}
