import { Hono } from 'hono';
import { ClerkApiError, invalidParam, notFound } from '../clerkApiError.ts';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import { activeSessions, type Client, type SignUp } from '../clerkState.ts';
import { missingFields, signUpJson } from '../json/clientJson.ts';
import { newId } from '../newId.ts';
import { readBody, readObject } from '../readBody.ts';
import { answer } from './answer.ts';

type Fields = Readonly<Record<string, string | undefined>>;

/** Sign-up by e-mail address and password: complete as soon as both are there, since nothing is verified. */
export function signUpRoutes(context: ClerkContext): Hono<ClerkEnv> {
  const { state, settings } = context;

  function advance(signUp: SignUp, fields: Fields, client: Client, origin: string | undefined): void {
    const emailAddress = fields.email_address?.toLowerCase();
    if (emailAddress !== undefined && !/^\S+@\S+$/.test(emailAddress)) {
      throw invalidParam('form_param_format_invalid', 'email_address', 'email_address must be a valid email address.');
    }
    if (emailAddress !== undefined && state.findUser(emailAddress)) {
      throw invalidParam('form_identifier_exists', 'email_address', 'That email address is taken. Please try another.');
    }
    if (fields.password !== undefined && fields.password.length < 8) {
      throw invalidParam('form_password_length_too_short', 'password', 'Passwords must be 8 characters or more.');
    }
    signUp.emailAddress = emailAddress ?? signUp.emailAddress;
    signUp.password = fields.password ?? signUp.password;
    signUp.firstName = fields.first_name ?? signUp.firstName;
    signUp.lastName = fields.last_name ?? signUp.lastName;
    signUp.unsafeMetadata = readObject(fields.unsafe_metadata, 'unsafe_metadata') ?? signUp.unsafeMetadata;
    if (missingFields(signUp).length > 0 || signUp.emailAddress === null) return;

    if (activeSessions(client).length > 0 && !settings.multiSession) {
      throw new ClerkApiError(400, 'session_exists', 'Session already exists', "You're already signed in.");
    }
    const { firstName, lastName, unsafeMetadata, password } = signUp;
    const user = state.addUser({ emailAddress: signUp.emailAddress, password, firstName, lastName, unsafeMetadata });
    signUp.createdUserId = user.id;
    signUp.createdSessionId = state.createSession(client, user, origin).id;
    signUp.status = 'complete';
    client.signUp = undefined;
  }

  const current = (client: Client | undefined, id: string): { client: Client; signUp: SignUp } => {
    if (client?.signUp?.id !== id) throw notFound(`There is no sign-up ${id} under way in this browser.`);
    return { client, signUp: client.signUp };
  };

  return new Hono<ClerkEnv>()
    .post('/v1/client/sign_ups', async (c) => {
      const fields = await readBody(c);
      const { browser } = c.env;
      const client = browser.ensureClient();
      const signUp: SignUp = {
        id: newId('sua_'),
        status: 'missing_requirements',
        emailAddress: null,
        password: undefined,
        firstName: null,
        lastName: null,
        unsafeMetadata: {},
        createdUserId: null,
        createdSessionId: null,
      };
      client.signUp = signUp;
      client.signIn = undefined;
      advance(signUp, fields, client, browser.origin);
      return answer(c, context, signUpJson(signUp), client);
    })
    .get('/v1/client/sign_ups/:id', (c) =>
      answer(c, context, signUpJson(current(c.env.browser.client(), c.req.param('id')).signUp)),
    )
    .patch('/v1/client/sign_ups/:id', async (c) => {
      const { client, signUp } = current(c.env.browser.client(), c.req.param('id'));
      advance(signUp, await readBody(c), client, c.env.browser.origin);
      return answer(c, context, signUpJson(signUp), client);
    });
}
