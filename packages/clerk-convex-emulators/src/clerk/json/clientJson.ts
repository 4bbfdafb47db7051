import { activeSessions, type Client, type Session, type SignIn, type SignUp } from '../clerkState.ts';
import type { TokenMinter } from '../tokens.ts';
import { type JsonContext, publicUserJson, userImageUrl, userJson } from './userJson.ts';

type Json = Record<string, unknown>;

export interface ClientJsonContext extends JsonContext {
  readonly tokens: TokenMinter;
  readonly now: () => number;
}

/** A browser and its active sessions; what clerk-js updates itself from after every mutation. */
export async function clientJson(client: Client, context: ClientJsonContext): Promise<Json> {
  return {
    object: 'client',
    id: client.id,
    sessions: await Promise.all(activeSessions(client).map((session) => sessionJson(session, context))),
    sign_in: client.signIn ? signInJson(client.signIn, context) : null,
    sign_up: client.signUp ? signUpJson(client.signUp) : null,
    last_active_session_id: client.lastActiveSessionId,
    last_authentication_strategy: null,
    cookie_expires_at: null,
    captcha_bypass: false,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  };
}

/** A session as the Frontend API sends it, with a fresh token while it is active. */
export async function sessionJson(session: Session, context: ClientJsonContext): Promise<Json> {
  const { tokens, now } = context;
  return {
    ...bareSessionJson(session),
    last_active_organization_id: session.activeOrganizationId,
    actor: null,
    tasks: session.task && [{ key: session.task }],
    factor_verification_age: [Math.floor((now() - session.createdAt) / 60_000), -1],
    user: userJson(session.user, context),
    public_user_data: publicUserJson(session.user, context),
    last_active_token: session.status === 'active' ? { object: 'token', jwt: await tokens.mint(session) } : null,
  };
}

/** A session as the Backend API and webhooks send it. */
export function bareSessionJson(session: Session): Json {
  return {
    object: 'session',
    id: session.id,
    client_id: session.client.id,
    user_id: session.user.id,
    status: session.status === 'active' && session.task ? 'pending' : session.status,
    last_active_at: session.lastActiveAt,
    expire_at: session.expireAt,
    abandon_at: session.expireAt,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  };
}

export function signInJson(signIn: SignIn, { url }: JsonContext): Json {
  const { user } = signIn;
  return {
    object: 'sign_in_attempt',
    id: signIn.id,
    status: signIn.status,
    identifier: signIn.identifier,
    supported_identifiers: ['email_address'],
    supported_first_factors: user?.password === undefined ? [] : [{ strategy: 'password' }],
    supported_second_factors: null,
    first_factor_verification:
      signIn.status === 'complete'
        ? {
            object: 'verification',
            status: 'verified',
            strategy: 'password',
            attempts: 1,
            expire_at: null,
            error: null,
          }
        : null,
    second_factor_verification: null,
    user_data: user
      ? {
          first_name: user.firstName,
          last_name: user.lastName,
          image_url: user.imageUrl ?? userImageUrl(url, user.id),
          has_image: user.imageUrl !== undefined,
        }
      : null,
    created_session_id: signIn.createdSessionId,
  };
}

export function signUpJson(signUp: SignUp): Json {
  return {
    object: 'sign_up_attempt',
    id: signUp.id,
    status: signUp.status,
    required_fields: ['email_address', 'password'],
    optional_fields: ['first_name', 'last_name'],
    missing_fields: missingFields(signUp),
    unverified_fields: [],
    verifications: { email_address: null, phone_number: null, web3_wallet: null, external_account: null },
    username: null,
    email_address: signUp.emailAddress,
    phone_number: null,
    web3_wallet: null,
    has_password: signUp.password !== undefined,
    first_name: signUp.firstName,
    last_name: signUp.lastName,
    unsafe_metadata: signUp.unsafeMetadata,
    external_account: null,
    external_account_strategy: null,
    created_user_id: signUp.createdUserId,
    created_session_id: signUp.createdSessionId,
    abandon_at: null,
    legal_accepted_at: null,
    locale: null,
  };
}

/** What a sign-up still needs. */
export function missingFields(signUp: SignUp): string[] {
  const missing: string[] = [];
  if (signUp.emailAddress === null) missing.push('email_address');
  if (signUp.password === undefined) missing.push('password');
  return missing;
}
