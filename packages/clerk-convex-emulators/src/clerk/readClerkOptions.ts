import { randomBytes } from 'node:crypto';
import { EmulatorError } from '../errors.ts';
import type { SeedOrganization, SeedUser } from './clerkState.ts';
import { newId } from './newId.ts';
import type { ClerkEmulatorOptions, ClerkRuntimeOptions, EmulatedJwtTemplate } from './types.ts';

/** The options with their defaults; ids are drawn once, so that a reset brings the same users back. */
export interface ClerkSettings {
  readonly host: string;
  readonly port: number;
  readonly users: readonly SeedUser[];
  readonly organizations: readonly SeedOrganization[];
  readonly multiSession: boolean;
  readonly secretKey: string;
  readonly webhooks: {
    readonly url: string | undefined;
    readonly secret: string;
    readonly retryDelaysMs: readonly number[];
  };
  readonly npmPackages: Readonly<Record<string, string>>;
  readonly runtime: RuntimeSettings;
}

/** What `configure` may change. */
export interface RuntimeSettings {
  readonly tokenLifeSeconds: number;
  readonly clockSkewSeconds: number;
  readonly jwtTemplates: Readonly<Record<string, EmulatedJwtTemplate>>;
  readonly convexIntegration: boolean;
  readonly exposeHeaders: boolean;
  readonly responseShape: 'current' | 'unknown_version';
  /** undefined: the emulator's own URL */
  readonly issuer: string | undefined;
}

/** The template that Clerk's dashboard offers as "Convex". */
const convexTemplate: EmulatedJwtTemplate = {
  claims: {
    aud: 'convex',
    name: '{{user.full_name}}',
    email: '{{user.primary_email_address}}',
    picture: '{{user.image_url}}',
    nickname: '{{user.username}}',
    given_name: '{{user.first_name}}',
    updated_at: '{{user.updated_at}}',
    family_name: '{{user.last_name}}',
    phone_number: '{{user.primary_phone_number}}',
    email_verified: '{{user.email_verified}}',
    phone_number_verified: '{{user.phone_number_verified}}',
  },
};

/** Checks the options. Throws `EmulatorError` `invalid_option` that names the option and the mend. */
export function readClerkOptions(options: ClerkEmulatorOptions): ClerkSettings {
  const port = options.port ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid(`\`port\` is ${port}; use 1 to 65535, or leave it out for a free one.`);
  }
  const organizations = (options.organizations ?? []).map((organization) => {
    if (!organization.slug) throw invalid(`An organization has no \`slug\`: ${JSON.stringify(organization)}.`);
    return { ...organization, id: organization.id ?? newId('org_') };
  });
  const slugs = new Map(organizations.map((organization) => [organization.slug, organization.id]));
  if (slugs.size < organizations.length) throw invalid('Two `organizations` have one slug; give each its own.');

  const emails = new Set<string>();
  const given = options.users ?? [
    { emailAddress: 'ada@example.com', password: 'correct-horse-battery', firstName: 'Ada' },
  ];
  const users = given.map((user): SeedUser => {
    if (!user.emailAddress?.includes('@'))
      throw invalid(`A user's \`emailAddress\` is "${user.emailAddress}"; use one with an @.`);
    if (emails.has(user.emailAddress))
      throw invalid(`Two users have the e-mail address ${user.emailAddress}; give each its own.`);
    emails.add(user.emailAddress);
    const memberships = (user.organizations ?? []).map(({ slug, role = 'org:member' }) => {
      const organizationId = slugs.get(slug);
      if (organizationId) return { organizationId, role };
      const known = [...slugs.keys()].join(', ') || 'none';
      throw invalid(
        `${user.emailAddress} belongs to the organization "${slug}", which \`organizations\` does not hold (${known}).`,
      );
    });
    return {
      id: user.id ?? newId('user_'),
      emailAddress: user.emailAddress,
      password: user.password,
      firstName: user.firstName ?? null,
      lastName: user.lastName ?? null,
      imageUrl: user.imageUrl,
      banned: user.banned ?? false,
      memberships,
    };
  });

  return {
    host: options.host ?? '127.0.0.1',
    port,
    users,
    organizations,
    multiSession: options.multiSession ?? false,
    secretKey: options.secretKey ?? 'sk_test_emulator',
    webhooks: {
      url: options.webhooks?.url && readUrl('webhooks.url', options.webhooks.url),
      secret: readWebhookSecret(options.webhooks?.secret ?? `whsec_${randomBytes(24).toString('base64')}`),
      retryDelaysMs: options.webhooks?.retryDelaysMs ?? [100, 500, 2000],
    },
    npmPackages: options.npmPackages ?? {},
    runtime: readRuntimeOptions(options, {
      tokenLifeSeconds: 60,
      clockSkewSeconds: 0,
      jwtTemplates: { convex: convexTemplate },
      convexIntegration: false,
      exposeHeaders: true,
      responseShape: 'current',
      issuer: undefined,
    }),
  };
}

/** Lays what was given over what is. */
export function readRuntimeOptions(options: ClerkRuntimeOptions, current: RuntimeSettings): RuntimeSettings {
  const life = options.tokenLifeSeconds ?? current.tokenLifeSeconds;
  if (!(Number.isFinite(life) && life > 0)) throw invalid(`\`tokenLifeSeconds\` is ${life}; use seconds above 0.`);
  const skew = options.clockSkewSeconds ?? current.clockSkewSeconds;
  if (!Number.isFinite(skew))
    throw invalid(`\`clockSkewSeconds\` is ${skew}; use seconds, negative for a clock that is behind.`);
  const shape = options.responseShape ?? current.responseShape;
  if (shape !== 'current' && shape !== 'unknown_version') {
    throw invalid(`\`responseShape\` is "${String(shape)}"; use 'current' or 'unknown_version'.`);
  }
  return {
    tokenLifeSeconds: life,
    clockSkewSeconds: skew,
    jwtTemplates: options.jwtTemplates ?? current.jwtTemplates,
    convexIntegration: options.convexIntegration ?? current.convexIntegration,
    exposeHeaders: options.exposeHeaders ?? current.exposeHeaders,
    responseShape: shape,
    issuer: options.issuer ?? current.issuer,
  };
}

/** A URL that deliveries can go to. */
export function readUrl(name: string, text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw invalid(`\`${name}\` is "${text}"; use an http:// or https:// URL.`);
}

function readWebhookSecret(secret: string): string {
  if (/^whsec_[A-Za-z0-9+/]{16,}={0,2}$/.test(secret)) return secret;
  throw invalid('`webhooks.secret` is malformed; use "whsec_" followed by base64, or leave it out for a fresh one.');
}

const invalid = (message: string) => new EmulatorError('invalid_option', message);
