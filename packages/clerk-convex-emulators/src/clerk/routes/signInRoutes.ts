import { Hono } from 'hono';
import { ClerkApiError, invalidParam, notFound } from '../clerkApiError.ts';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import { activeSessions, type Client, type SignIn, type User } from '../clerkState.ts';
import { signInJson } from '../json/clientJson.ts';
import { newId } from '../newId.ts';
import { readBody } from '../readBody.ts';
import { answer } from './answer.ts';

type Fields = Readonly<Record<string, string | undefined>>;

/** Sign-in by password or ticket, in one step or as the prebuilt component does it: identifier, then first factor. */
export function signInRoutes(context: ClerkContext): Hono<ClerkEnv> {
  const { state, settings } = context;

  function identify(signIn: SignIn, identifier: string): void {
    const user = state.findUser(identifier);
    if (!user) throw invalidParam('form_identifier_not_found', 'identifier', "Couldn't find your account.");
    signIn.identifier = identifier;
    signIn.user = user;
    signIn.status = 'needs_first_factor';
  }

  function complete(signIn: SignIn, user: User, client: Client, origin: string | undefined): void {
    if (user.banned) throw new ClerkApiError(403, 'user_banned', 'User banned', 'This account has been banned.');
    const others = activeSessions(client);
    if (others.some((session) => session.user === user)) {
      throw new ClerkApiError(400, 'identifier_already_signed_in', "You're already signed in.");
    }
    if (others.length > 0 && !settings.multiSession) {
      throw new ClerkApiError(
        400,
        'session_exists',
        'Session already exists',
        "You're currently in single session mode. You can only be signed into one account at a time.",
      );
    }
    signIn.user = user;
    signIn.status = 'complete';
    signIn.createdSessionId = state.createSession(client, user, origin).id;
    client.signIn = undefined;
  }

  /** Goes as far as the fields allow. */
  function advance(signIn: SignIn, fields: Fields, client: Client, origin: string | undefined): void {
    if (fields.strategy === 'ticket') {
      const user = state.redeemTicket(fields.ticket ?? '');
      if (!user)
        throw invalidParam('ticket_invalid_code', 'ticket', 'The ticket is invalid, or has been used already.');
      signIn.identifier = user.emailAddress;
      complete(signIn, user, client, origin);
      return;
    }
    if (fields.strategy !== undefined && fields.strategy !== 'password') {
      throw invalidParam(
        'form_param_value_invalid',
        'strategy',
        `${fields.strategy} is not one of the strategies of this instance: the emulator knows password and ticket.`,
      );
    }
    if (fields.identifier !== undefined) identify(signIn, fields.identifier);
    if (fields.password === undefined) return;
    if (!signIn.user) throw invalidParam('form_param_nil', 'identifier', 'Enter identifier.');
    if (signIn.user.password === undefined) {
      throw invalidParam(
        'strategy_for_user_invalid',
        'password',
        'The verification strategy is not valid for this account.',
      );
    }
    if (fields.password !== signIn.user.password) {
      throw invalidParam(
        'form_password_incorrect',
        'password',
        'Password is incorrect. Try again, or use another method.',
      );
    }
    complete(signIn, signIn.user, client, origin);
  }

  const current = (client: Client | undefined, id: string): { client: Client; signIn: SignIn } => {
    if (client?.signIn?.id !== id) throw notFound(`There is no sign-in ${id} under way in this browser.`);
    return { client, signIn: client.signIn };
  };

  return new Hono<ClerkEnv>()
    .post('/v1/client/sign_ins', async (c) => {
      const fields = await readBody(c);
      const { browser } = c.env;
      const client = browser.ensureClient();
      const signIn: SignIn = {
        id: newId('sia_'),
        status: 'needs_identifier',
        identifier: null,
        user: undefined,
        createdSessionId: null,
      };
      client.signIn = signIn;
      client.signUp = undefined;
      advance(signIn, fields, client, browser.origin);
      return answer(c, context, signInJson(signIn, context), client);
    })
    .get('/v1/client/sign_ins/:id', (c) =>
      answer(c, context, signInJson(current(c.env.browser.client(), c.req.param('id')).signIn, context)),
    )
    .post('/v1/client/sign_ins/:id/prepare_first_factor', (c) =>
      answer(c, context, signInJson(current(c.env.browser.client(), c.req.param('id')).signIn, context)),
    )
    .post('/v1/client/sign_ins/:id/attempt_first_factor', async (c) => {
      const { client, signIn } = current(c.env.browser.client(), c.req.param('id'));
      advance(signIn, await readBody(c), client, c.env.browser.origin);
      return answer(c, context, signInJson(signIn, context), client);
    });
}
