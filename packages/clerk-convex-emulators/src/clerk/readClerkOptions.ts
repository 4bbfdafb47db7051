import { randomBytes } from 'node:crypto';
import { EmulatorError } from '../errors.ts';
import { refuseUnknownKeys } from '../refuseUnknownKeys.ts';
import { readPort } from '../wire/readPort.ts';
import type { SeedOrganization, SeedUser } from './clerkState.ts';
import { newId } from './newId.ts';
import type { ClerkEmulatorOptions, ClerkRuntimeOptions, EmulatedJwtTemplate, EmulatedUser } from './types.ts';

/** The options with their defaults; ids are drawn once, so that a reset brings the same users back. */
export interface ClerkSettings {
  readonly host: string;
  readonly port: number;
  readonly users: readonly SeedUser[];
  readonly organizations: readonly SeedOrganization[];
  readonly multiSession: boolean;
  readonly forceOrganizationSelection: boolean;
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
  readonly incidents: readonly string[];
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
  refuseUnknownKeys('`createClerkEmulator`', options, optionKeys);
  refuseUnknownKeys('`webhooks`', options.webhooks ?? {}, ['url', 'secret', 'retryDelaysMs']);
  const port = readPort('port', options.port ?? 0);
  const organizations = (options.organizations ?? []).map((organization) => {
    refuseUnknownKeys('An organization', organization, ['id', 'slug', 'name']);
    if (!organization.slug) throw invalid(`An organization has no \`slug\`: ${JSON.stringify(organization)}.`);
    return { ...organization, id: organization.id ?? newId('org_') };
  });
  const slugs = new Map(organizations.map((organization) => [organization.slug, organization.id]));
  if (slugs.size < organizations.length) throw invalid('Two `organizations` have one slug; give each its own.');

  const emails = new Set<string>();
  const ids = new Set<string>();
  const given = options.users ?? [
    { emailAddress: 'ada@example.com', password: 'correct-horse-battery', firstName: 'Ada' },
  ];
  const users = given.map((user): SeedUser => {
    refuseUnknownKeys('A user', user, userKeys);
    if (!user.emailAddress?.includes('@'))
      throw invalid(`A user's \`emailAddress\` is "${user.emailAddress}"; use one with an @.`);
    // Clerk keeps addresses in lower case, and finds them however they are typed.
    const emailAddress = user.emailAddress.toLowerCase();
    if (emails.has(emailAddress))
      throw invalid(`Two users have the e-mail address ${emailAddress}; give each its own.`);
    emails.add(emailAddress);
    const id = user.id ?? newId('user_');
    if (ids.has(id)) throw invalid(`Two users have the id "${id}"; give each its own, or leave it out.`);
    ids.add(id);
    const memberships = (user.organizations ?? []).map(({ slug, role = 'org:member' }) => {
      const organizationId = slugs.get(slug);
      if (organizationId) return { organizationId, role };
      const known = [...slugs.keys()].join(', ') || 'none';
      throw invalid(
        `${emailAddress} belongs to the organization "${slug}", which \`organizations\` does not hold (${known}).`,
      );
    });
    return {
      id,
      emailAddress,
      password: user.password,
      firstName: user.firstName ?? null,
      lastName: user.lastName ?? null,
      imageUrl: user.imageUrl,
      banned: user.banned ?? false,
      publicMetadata: user.publicMetadata ?? {},
      memberships,
    };
  });

  return {
    host: options.host ?? '127.0.0.1',
    port,
    users,
    organizations,
    multiSession: options.multiSession ?? false,
    forceOrganizationSelection: options.forceOrganizationSelection ?? false,
    secretKey: options.secretKey ?? 'sk_test_emulator',
    webhooks: {
      url: options.webhooks?.url && readUrl('webhooks.url', options.webhooks.url),
      secret: readWebhookSecret(options.webhooks?.secret ?? `whsec_${randomBytes(24).toString('base64')}`),
      retryDelaysMs: readDelays(options.webhooks?.retryDelaysMs ?? [100, 500, 2000]),
    },
    npmPackages: options.npmPackages ?? {},
    runtime: layOver(options, {
      tokenLifeSeconds: 60,
      clockSkewSeconds: 0,
      // The integration takes the template's place.
      jwtTemplates: options.convexIntegration ? {} : { convex: convexTemplate },
      convexIntegration: false,
      exposeHeaders: true,
      incidents: [],
      responseShape: 'current',
      issuer: undefined,
    }),
  };
}

/** Lays what was given over what is. Throws `EmulatorError` `invalid_option` that names the option and the mend. */
export function readRuntimeOptions(options: ClerkRuntimeOptions, current: RuntimeSettings): RuntimeSettings {
  refuseUnknownKeys('`configure`', options, Object.keys(runtimeKeys));
  return layOver(options, current);
}

function layOver(options: ClerkRuntimeOptions, current: RuntimeSettings): RuntimeSettings {
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
    jwtTemplates: readTemplates(options.jwtTemplates ?? current.jwtTemplates),
    convexIntegration: options.convexIntegration ?? current.convexIntegration,
    exposeHeaders: options.exposeHeaders ?? current.exposeHeaders,
    incidents: readIncidents(options.incidents ?? current.incidents),
    responseShape: shape,
    issuer: options.issuer === undefined ? current.issuer : readUrl('issuer', options.issuer),
  };
}

function readTemplates(templates: RuntimeSettings['jwtTemplates']): RuntimeSettings['jwtTemplates'] {
  if (!isObject(templates))
    throw invalid('`jwtTemplates` is no object; use { convex: { claims: { aud: "convex" } } }.');
  for (const [name, template] of Object.entries(templates)) {
    if (!isObject(template) || !isObject(template.claims)) {
      throw invalid(
        `\`jwtTemplates.${name}\` has no \`claims\` object; use { ${name}: { claims: { aud: "convex" } } }.`,
      );
    }
    refuseUnknownKeys(`\`jwtTemplates.${name}\``, template, ['claims', 'lifetimeSeconds']);
    const { lifetimeSeconds: life = 1 } = template;
    if (Number.isFinite(life) && life > 0) continue;
    throw invalid(`\`jwtTemplates.${name}.lifetimeSeconds\` is ${life}; use seconds above 0.`);
  }
  return templates;
}

function readDelays(delays: readonly number[]): readonly number[] {
  if (Array.isArray(delays) && delays.every((delay) => Number.isFinite(delay) && delay >= 0)) return delays;
  throw invalid(`\`webhooks.retryDelaysMs\` is [${String(delays)}]; use a list of milliseconds, 0 or more.`);
}

function readIncidents(titles: readonly string[]): readonly string[] {
  if (Array.isArray(titles) && titles.every((title) => typeof title === 'string')) return titles;
  throw invalid(`\`incidents\` is ${JSON.stringify(titles)}; use a list of titles.`);
}

/** An http(s) URL. Throws `EmulatorError` `invalid_option`. */
export function readUrl(name: string, text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw invalid(`\`${name}\` is "${text}"; use an http:// or https:// URL.`);
}

function readWebhookSecret(secret: string): string {
  if (/^whsec_[A-Za-z0-9+/]{16,}={0,2}$/.test(secret)) return secret;
  throw invalid('`webhooks.secret` is malformed; use "whsec_" followed by base64, or leave it out for a fresh one.');
}

const runtimeKeys: Readonly<Record<keyof ClerkRuntimeOptions, true>> = {
  tokenLifeSeconds: true,
  clockSkewSeconds: true,
  jwtTemplates: true,
  convexIntegration: true,
  exposeHeaders: true,
  incidents: true,
  responseShape: true,
  issuer: true,
};
const startKeys: Readonly<Record<Exclude<keyof ClerkEmulatorOptions, keyof ClerkRuntimeOptions>, true>> = {
  host: true,
  port: true,
  users: true,
  organizations: true,
  multiSession: true,
  forceOrganizationSelection: true,
  secretKey: true,
  webhooks: true,
  npmPackages: true,
};
const optionKeys = Object.keys({ ...startKeys, ...runtimeKeys });
const userKeys = Object.keys({
  id: true,
  emailAddress: true,
  password: true,
  firstName: true,
  lastName: true,
  imageUrl: true,
  banned: true,
  publicMetadata: true,
  organizations: true,
} satisfies Record<keyof EmulatedUser, true>);

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const invalid = (message: string) => new EmulatorError('invalid_option', message);
