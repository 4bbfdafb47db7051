import type { Organization, Session, User } from './clerkState.ts';

export interface ShortcodeSource {
  readonly user: User;
  readonly session: Session;
  readonly organization: Organization | undefined;
  readonly imageUrl: string;
}

/** Fills the shortcodes of a JWT template (`{{user.primary_email_address}}`, `{{org.slug || 'none'}}`) in. */
export function fillShortcodes(
  claims: Readonly<Record<string, unknown>>,
  source: ShortcodeSource,
): Record<string, unknown> {
  return fill(claims, readValues(source)) as Record<string, unknown>;
}

function fill(value: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]));
  }
  if (typeof value !== 'string') return value;
  // A claim that is one shortcode keeps the value's type; within a text it becomes text.
  const whole = /^\{\{([^{}]+)\}\}$/.exec(value.trim());
  if (whole?.[1]) return evaluate(whole[1], values);
  return value.replace(/\{\{([^{}]+)\}\}/g, (_, expression: string) => String(evaluate(expression, values) ?? ''));
}

/** `user.first_name || 'friend'`: the first alternative that has a value. */
function evaluate(expression: string, values: Readonly<Record<string, unknown>>): unknown {
  for (const alternative of expression.split('||').map((text) => text.trim())) {
    const literal = /^(['"])(.*)\1$/.exec(alternative);
    const value = literal ? literal[2] : values[alternative];
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return null;
}

function readValues({ user, session, organization, imageUrl }: ShortcodeSource): Record<string, unknown> {
  const membership = user.memberships.find(({ organizationId }) => organizationId === organization?.id);
  const values: Record<string, unknown> = {
    'user.id': user.id,
    'user.first_name': user.firstName,
    'user.last_name': user.lastName,
    'user.full_name': [user.firstName, user.lastName].filter(Boolean).join(' '),
    'user.primary_email_address': user.emailAddress,
    'user.email_verified': true,
    'user.image_url': imageUrl,
    'user.created_at': Math.floor(user.createdAt / 1000),
    'user.updated_at': Math.floor(user.updatedAt / 1000),
    'user.unsafe_metadata': user.unsafeMetadata,
    'user.public_metadata': user.publicMetadata,
    'user.organizations': Object.fromEntries(
      user.memberships.map(({ organizationId, role }) => [organizationId, role]),
    ),
    'session.actor': null,
    'session.id': session.id,
    'org.id': organization?.id,
    'org.name': organization?.name,
    'org.slug': organization?.slug,
    'org.role': membership?.role,
    'org_membership.role': membership?.role,
  };
  for (const [key, value] of Object.entries(user.publicMetadata)) values[`user.public_metadata.${key}`] = value;
  for (const [key, value] of Object.entries(user.unsafeMetadata)) values[`user.unsafe_metadata.${key}`] = value;
  return values;
}
