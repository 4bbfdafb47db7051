import type { ClerkState, Membership, Organization, User } from '../clerkState.ts';

type Json = Record<string, unknown>;

export interface JsonContext {
  readonly state: ClerkState;
  /** The emulator's URL: pictures are served there, so that a test needs no network. */
  readonly url: string;
}

export const userImageUrl = (url: string, userId: string): string => `${url}/__emulator/pictures/${userId}.svg`;

/** A user as the Frontend API sends it. */
export function userJson(user: User, context: JsonContext): Json {
  return {
    ...sharedUserJson(user, context),
    organization_memberships: user.memberships.flatMap((membership) => membershipJson(user, membership, context) ?? []),
    unsafe_metadata: user.unsafeMetadata,
  };
}

/** A user as the Backend API and webhooks send it. */
export function backendUserJson(user: User, context: JsonContext): Json {
  return {
    ...sharedUserJson(user, context),
    private_metadata: {},
    unsafe_metadata: user.unsafeMetadata,
    banned: user.banned,
    locked: false,
    lockout_expires_in_seconds: null,
    verification_attempts_remaining: 100,
    last_active_at: user.lastSignInAt,
    mfa_enabled_at: null,
    mfa_disabled_at: null,
  };
}

function sharedUserJson(user: User, { url }: JsonContext): Json {
  const emailId = `idn_${user.id.replace(/^user_/, '')}`;
  return {
    object: 'user',
    id: user.id,
    external_id: null,
    username: null,
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: user.imageUrl ?? userImageUrl(url, user.id),
    profile_image_url: user.imageUrl ?? userImageUrl(url, user.id),
    has_image: user.imageUrl !== undefined,
    primary_email_address_id: emailId,
    primary_phone_number_id: null,
    primary_web3_wallet_id: null,
    email_addresses: [
      {
        object: 'email_address',
        id: emailId,
        email_address: user.emailAddress,
        reserved: false,
        verification: {
          object: 'verification',
          status: 'verified',
          strategy: 'admin',
          attempts: null,
          expire_at: null,
        },
        linked_to: [],
        matches_sso_connection: false,
        created_at: user.createdAt,
        updated_at: user.createdAt,
      },
    ],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    enterprise_accounts: [],
    saml_accounts: [],
    passkeys: [],
    password_enabled: user.password !== undefined,
    two_factor_enabled: false,
    totp_enabled: false,
    backup_code_enabled: false,
    public_metadata: user.publicMetadata,
    create_organization_enabled: true,
    create_organizations_limit: null,
    delete_self_enabled: true,
    legal_accepted_at: null,
    last_sign_in_at: user.lastSignInAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

/** What others may see of a user. */
export function publicUserJson(user: User, { url }: JsonContext): Json {
  return {
    user_id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: user.imageUrl ?? userImageUrl(url, user.id),
    has_image: user.imageUrl !== undefined,
    identifier: user.emailAddress,
    banned: user.banned,
  };
}

export function organizationJson(organization: Organization, { state, url }: JsonContext): Json {
  const members = [...state.users.values()].filter(({ memberships }) =>
    memberships.some(({ organizationId }) => organizationId === organization.id),
  );
  return {
    object: 'organization',
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    image_url: `${url}/__emulator/pictures/${organization.id}.svg`,
    has_image: false,
    members_count: members.length,
    pending_invitations_count: 0,
    max_allowed_memberships: 100,
    admin_delete_enabled: true,
    public_metadata: {},
    created_at: organization.createdAt,
    updated_at: organization.createdAt,
  };
}

const permissions = {
  'org:admin': [
    'org:sys_profile:manage',
    'org:sys_profile:delete',
    'org:sys_memberships:read',
    'org:sys_memberships:manage',
    'org:sys_domains:read',
    'org:sys_domains:manage',
  ],
  'org:member': ['org:sys_memberships:read'],
} as const;

export function membershipJson(user: User, membership: Membership, context: JsonContext): Json | undefined {
  const organization = context.state.organizations.get(membership.organizationId);
  if (!organization) return undefined;
  return {
    object: 'organization_membership',
    id: `orgmem_${organization.id.slice(4, 14)}${user.id.slice(5, 15)}`,
    role: membership.role,
    role_name: membership.role === 'org:admin' ? 'Admin' : 'Member',
    permissions: permissions[membership.role],
    public_metadata: {},
    organization: organizationJson(organization, context),
    public_user_data: publicUserJson(user, context),
    created_at: organization.createdAt,
    updated_at: organization.createdAt,
  };
}
