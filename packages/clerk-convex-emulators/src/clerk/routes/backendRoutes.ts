import { Hono } from 'hono';
import { ClerkApiError, clerkErrorBody, invalidParam, notFound } from '../clerkApiError.ts';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import type { Session, User } from '../clerkState.ts';
import { bareSessionJson } from '../json/clientJson.ts';
import { backendUserJson } from '../json/userJson.ts';
import { readBody, readObject } from '../readBody.ts';

/** The part of the Backend API that servers and tools ask of an instance, behind the secret key. */
export function backendRoutes(context: ClerkContext): Hono<ClerkEnv> {
  const { state, settings, runtime, tokens } = context;

  const user = (id: string): User => {
    const found = state.users.get(id);
    if (!found) throw notFound(`No user was found with id ${id}`);
    return found;
  };
  const session = (id: string): Session => {
    const found = state.sessions.get(id);
    if (!found) throw notFound(`No session was found with id ${id}`);
    return found;
  };

  const routes = new Hono<ClerkEnv>();
  for (const path of ['/users/*', '/sessions/*', '/jwt_templates/*', '/sign_in_tokens', '/jwks']) {
    routes.use(`/v1${path}`, async (c, next) => {
      const [, key] = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '') ?? [];
      if (key === settings.secretKey) return next();
      const [code, message] = key
        ? [
            'clerk_key_invalid',
            'The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.',
          ]
        : [
            'authorization_header_format_invalid',
            'Invalid Authorization header format. Must be "Bearer <YOUR_API_KEY>"',
          ];
      return c.json(clerkErrorBody(code, message), 401);
    });
  }

  return routes
    .get('/v1/users', (c) => {
      const given = c.req.queries('email_address') ?? c.req.queries('email_address[]');
      const emails = given?.map((email) => email.toLowerCase());
      const limit = Number(c.req.query('limit')) || 10;
      const offset = Number(c.req.query('offset')) || 0;
      const users = [...state.users.values()].filter(({ emailAddress }) => emails?.includes(emailAddress) ?? true);
      return c.json(users.slice(offset, offset + limit).map((item) => backendUserJson(item, context)));
    })
    .get('/v1/users/count', (c) => c.json({ object: 'total_count', total_count: state.users.size }))
    .get('/v1/users/:id', (c) => c.json(backendUserJson(user(c.req.param('id')), context)))
    .patch('/v1/users/:id', async (c) => {
      const target = user(c.req.param('id'));
      const fields = await readBody(c);
      state.updateUser(target, {
        firstName: nameOr(target.firstName, fields.first_name),
        lastName: nameOr(target.lastName, fields.last_name),
        publicMetadata: readObject(fields.public_metadata, 'public_metadata') ?? target.publicMetadata,
        unsafeMetadata: readObject(fields.unsafe_metadata, 'unsafe_metadata') ?? target.unsafeMetadata,
      });
      return c.json(backendUserJson(target, context));
    })
    .delete('/v1/users/:id', (c) => {
      const target = user(c.req.param('id'));
      state.deleteUser(target);
      return c.json({ object: 'user', id: target.id, deleted: true });
    })
    .post('/v1/users/:id/ban', (c) => {
      const target = user(c.req.param('id'));
      state.banUser(target);
      return c.json(backendUserJson(target, context));
    })
    .post('/v1/users/:id/unban', (c) => {
      const target = user(c.req.param('id'));
      state.updateUser(target, { banned: false });
      return c.json(backendUserJson(target, context));
    })
    .get('/v1/sessions', (c) => {
      const { user_id: userId, client_id: clientId, status } = c.req.query();
      const found = [...state.sessions.values()].filter(
        (item) =>
          (!userId || item.user.id === userId) &&
          (!clientId || item.client.id === clientId) &&
          (!status || item.status === status),
      );
      return c.json(found.map(bareSessionJson));
    })
    .get('/v1/sessions/:id', (c) => c.json(bareSessionJson(session(c.req.param('id')))))
    .post('/v1/sessions/:id/revoke', (c) => {
      const target = session(c.req.param('id'));
      state.endSession(target, 'revoked');
      return c.json(bareSessionJson(target));
    })
    .post('/v1/sessions/:id/tokens/:template?', async (c) => {
      const target = session(c.req.param('id'));
      if (target.status !== 'active') throw notFound(`The session ${target.id} is not active: it is ${target.status}.`);
      const template = c.req.param('template');
      if (template !== undefined && !Object.hasOwn(runtime().jwtTemplates, template))
        throw notFound(`No JWT template exists with name: ${template}`);
      return c.json({ object: 'token', jwt: await tokens.mint(target, { template }) });
    })
    .get('/v1/jwt_templates', (c) =>
      c.json(
        Object.entries(runtime().jwtTemplates).map(([name, { claims, lifetimeSeconds }]) => ({
          object: 'jwt_template',
          id: `jtmp_${name}`,
          name,
          claims,
          lifetime: lifetimeSeconds ?? runtime().tokenLifeSeconds,
          allowed_clock_skew: 5,
          custom_signing_key: false,
          signing_algorithm: 'RS256',
          created_at: 0,
          updated_at: 0,
        })),
      ),
    )
    .post('/v1/sign_in_tokens', async (c) => {
      const { user_id: userId } = await readBody(c);
      if (!userId) throw invalidParam('form_param_missing', 'user_id', 'user_id must be included.');
      const found = state.users.get(userId);
      if (!found)
        throw new ClerkApiError(404, 'resource_not_found', 'Resource not found', `No user was found with id ${userId}`);
      const token = state.createTicket(found);
      return c.json({
        object: 'sign_in_token',
        id: `sit_${token.slice(7)}`,
        user_id: userId,
        token,
        status: 'pending',
      });
    })
    .get('/v1/jwks', (c) => c.json(tokens.jwks));
}

/** '' and null take a name away. */
const nameOr = (current: string | null, given: string | undefined) => (given === undefined ? current : given || null);
