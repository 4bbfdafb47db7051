import { EmulatorError } from '../errors.ts';
import { newId } from './newId.ts';

type OrganizationRole = 'org:admin' | 'org:member';

export interface Membership {
  readonly organizationId: string;
  readonly role: OrganizationRole;
}

export interface SeedUser {
  readonly id: string;
  readonly emailAddress: string;
  readonly password: string | undefined;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly imageUrl: string | undefined;
  readonly banned: boolean;
  readonly publicMetadata: Readonly<Record<string, unknown>>;
  readonly memberships: readonly Membership[];
}

export interface SeedOrganization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly emailAddress: string;
  readonly password: string | undefined;
  firstName: string | null;
  lastName: string | null;
  readonly imageUrl: string | undefined;
  banned: boolean;
  publicMetadata: Readonly<Record<string, unknown>>;
  unsafeMetadata: Record<string, unknown>;
  memberships: Membership[];
  readonly createdAt: number;
  updatedAt: number;
  lastSignInAt: number | null;
}

export interface Organization extends SeedOrganization {
  readonly createdAt: number;
}

export type SessionStatus = 'active' | 'ended' | 'removed' | 'revoked' | 'expired';

export interface Session {
  readonly id: string;
  readonly user: User;
  readonly client: Client;
  status: SessionStatus;
  /** What the user has to do before the session counts as signed in: Clerk calls it pending. */
  task: 'choose-organization' | null;
  activeOrganizationId: string | null;
  /** Where its page comes from: `azp` of its tokens. */
  origin: string | undefined;
  lastActiveAt: number;
  readonly createdAt: number;
  updatedAt: number;
  readonly expireAt: number;
  /** Answers of the tokens requests, by template: what `identical_token` sends again. */
  readonly answered: Map<string, string>;
}

export interface SignIn {
  readonly id: string;
  status: 'needs_identifier' | 'needs_first_factor' | 'complete';
  identifier: string | null;
  user: User | undefined;
  createdSessionId: string | null;
}

export interface SignUp {
  readonly id: string;
  status: 'missing_requirements' | 'complete';
  emailAddress: string | null;
  password: string | undefined;
  firstName: string | null;
  lastName: string | null;
  unsafeMetadata: Record<string, unknown>;
  createdUserId: string | null;
  createdSessionId: string | null;
}

/** A browser, in Clerk's words: what its `__client` cookie names. */
export interface Client {
  readonly id: string;
  /** The cookie's value: a secret, unlike the id. */
  readonly cookie: string;
  readonly sessions: Session[];
  lastActiveSessionId: string | null;
  signIn: SignIn | undefined;
  signUp: SignUp | undefined;
  readonly createdAt: number;
  updatedAt: number;
}

/** Something that Clerk tells webhooks about. */
export type StateChange =
  | { readonly type: 'user.created' | 'user.updated' | 'user.deleted'; readonly user: User }
  | {
      readonly type: 'session.created' | 'session.ended' | 'session.removed' | 'session.revoked';
      readonly session: Session;
    };

export type ClerkState = ReturnType<typeof createClerkState>;

interface ClerkStateOptions {
  readonly users: readonly SeedUser[];
  readonly organizations: readonly SeedOrganization[];
  readonly forceOrganizationSelection: boolean;
  readonly now: () => number;
  readonly onChange: (change: StateChange) => void;
}

const sessionLifeMs = 7 * 24 * 3_600_000;

/** Users, organisations, browsers and their sessions, in memory. */
export function createClerkState({
  users: seeds,
  organizations: seedOrganizations,
  forceOrganizationSelection,
  now,
  onChange,
}: ClerkStateOptions) {
  const users = new Map<string, User>();
  const organizations = new Map<string, Organization>();
  const clients = new Map<string, Client>();
  const clientsOfDevBrowsers = new Map<string, Client | undefined>();
  const sessions = new Map<string, Session>();
  const tickets = new Map<string, User>();

  function reset(): void {
    for (const map of [users, organizations, clients, clientsOfDevBrowsers, sessions, tickets]) map.clear();
    for (const seed of seedOrganizations) organizations.set(seed.id, { ...seed, createdAt: now() });
    for (const { memberships, ...seed } of seeds) {
      users.set(seed.id, {
        ...seed,
        memberships: [...memberships],
        unsafeMetadata: {},
        createdAt: now(),
        updatedAt: now(),
        lastSignInAt: null,
      });
    }
  }
  reset();

  const findUser = (idOrEmail: string): User | undefined =>
    users.get(idOrEmail) ?? [...users.values()].find((user) => user.emailAddress === idOrEmail.toLowerCase());

  function userOrThrow(idOrEmail: string | undefined): User {
    const user = idOrEmail === undefined ? users.values().next().value : findUser(idOrEmail);
    if (user) return user;
    const known = [...users.values()].map(({ emailAddress }) => emailAddress).join(', ') || 'none';
    throw new EmulatorError(
      'unknown_user',
      `There is no user ${idOrEmail === undefined ? 'at all' : `"${idOrEmail}"`}; use an id or an e-mail address of one that exists (${known}).`,
    );
  }

  function sessionOrThrow(id: string): Session {
    const session = sessions.get(id);
    if (session) return session;
    throw new EmulatorError(
      'unknown_session',
      `There is no session "${id}"; use the \`sessionId\` of signInBrowser(), or \`clerk.session.id\` of a page.`,
    );
  }

  function addUser(
    fields: Pick<User, 'emailAddress' | 'password' | 'firstName' | 'lastName' | 'unsafeMetadata'>,
  ): User {
    const user: User = {
      ...fields,
      id: newId('user_'),
      imageUrl: undefined,
      banned: false,
      publicMetadata: {},
      memberships: [],
      createdAt: now(),
      updatedAt: now(),
      lastSignInAt: null,
    };
    users.set(user.id, user);
    onChange({ type: 'user.created', user });
    return user;
  }

  function updateUser(
    user: User,
    fields: Partial<Pick<User, 'firstName' | 'lastName' | 'publicMetadata' | 'unsafeMetadata' | 'banned'>>,
  ): void {
    Object.assign(user, fields, { updatedAt: now() });
    onChange({ type: 'user.updated', user });
  }

  function endSession(session: Session, status: Exclude<SessionStatus, 'active'>): void {
    if (session.status !== 'active') return;
    session.status = status;
    session.updatedAt = now();
    const { client } = session;
    client.updatedAt = now();
    if (client.lastActiveSessionId === session.id) {
      client.lastActiveSessionId = activeSessions(client).at(-1)?.id ?? null;
    }
    // No webhook tells of a session that has expired.
    if (status !== 'expired') onChange({ type: `session.${status}`, session });
  }

  function endSessionsOf(user: User): void {
    for (const session of sessions.values()) if (session.user === user) endSession(session, 'revoked');
  }

  function banUser(user: User): void {
    updateUser(user, { banned: true });
    endSessionsOf(user);
  }

  function deleteUser(user: User): void {
    endSessionsOf(user);
    users.delete(user.id);
    onChange({ type: 'user.deleted', user });
  }

  function createClient(): Client {
    const client: Client = {
      id: newId('client_'),
      cookie: newId('emulator_'),
      sessions: [],
      lastActiveSessionId: null,
      signIn: undefined,
      signUp: undefined,
      createdAt: now(),
      updatedAt: now(),
    };
    clients.set(client.cookie, client);
    return client;
  }

  function createSession(client: Client, user: User, origin?: string): Session {
    const session: Session = {
      id: newId('sess_'),
      user,
      client,
      status: 'active',
      task: forceOrganizationSelection ? 'choose-organization' : null,
      activeOrganizationId: null,
      origin,
      lastActiveAt: now(),
      createdAt: now(),
      updatedAt: now(),
      expireAt: now() + sessionLifeMs,
      answered: new Map(),
    };
    sessions.set(session.id, session);
    client.sessions.push(session);
    client.lastActiveSessionId = session.id;
    client.updatedAt = now();
    user.lastSignInAt = now();
    onChange({ type: 'session.created', session });
    return session;
  }

  /** null: the personal account, which is no choice where one has to be made. */
  function chooseOrganization(session: Session, organizationId: string | null): void {
    session.activeOrganizationId = organizationId;
    session.task = forceOrganizationSelection && organizationId === null ? 'choose-organization' : null;
  }

  function addOrganization(name: string, slug: string, admin: User): Organization {
    const organization: Organization = { id: newId('org_'), name, slug, createdAt: now() };
    organizations.set(organization.id, organization);
    admin.memberships.push({ organizationId: organization.id, role: 'org:admin' });
    return organization;
  }

  function createTicket(user: User): string {
    const ticket = newId('ticket_');
    tickets.set(ticket, user);
    return ticket;
  }

  /** The user whose ticket it is, once. */
  function redeemTicket(ticket: string): User | undefined {
    const user = tickets.get(ticket);
    tickets.delete(ticket);
    return user && users.has(user.id) ? user : undefined;
  }

  return {
    users: users as ReadonlyMap<string, User>,
    organizations: organizations as ReadonlyMap<string, Organization>,
    sessions: sessions as ReadonlyMap<string, Session>,
    clientsOfDevBrowsers,
    clientOfCookie: (cookie: string) => clients.get(cookie),
    clientOfId: (id: string) => [...clients.values()].find((client) => client.id === id),
    forgetClient: (client: Client) => void clients.delete(client.cookie),
    reset,
    findUser,
    userOrThrow,
    sessionOrThrow,
    addUser,
    updateUser,
    banUser,
    deleteUser,
    createClient,
    createSession,
    endSession,
    chooseOrganization,
    addOrganization,
    createTicket,
    redeemTicket,
  };
}

/** The sessions that a client is signed in with, the pending ones too. */
export const activeSessions = (client: Client): Session[] =>
  client.sessions.filter((session) => session.status === 'active');
