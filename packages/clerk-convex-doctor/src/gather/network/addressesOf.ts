import { type ProjectEvidence, parsePublishableKey } from 'clerk-convex-resilience/diagnosis';
import type { DoctorOptions, Endpoints } from '../../types.ts';
import { isLoopback } from './isLoopback.ts';
import { below, readUrl } from './readUrl.ts';

/** Where to ask what, as far as an app says it. */
export interface Addresses {
  readonly frontendApi?: URL;
  readonly issuer?: URL;
  readonly convex?: URL;
  readonly webhook?: URL;
  readonly secretKey?: string;
  readonly backendApi: URL;
  readonly statusPage: URL;
}

const clerks: Omit<Endpoints, 'frontendApi'> = {
  backendApi: 'https://api.clerk.com',
  statusPage: 'https://status.clerk.com',
};

/** Reads them off an app's files. What is absent or malformed is left out: the files' own checks speak of it. */
export function addressesOf(project: ProjectEvidence, options: Pick<DoctorOptions, 'endpoints' | 'url'>): Addresses {
  const { endpoints } = options;
  const frontendApi = readUrl(endpoints?.frontendApi) ?? frontendApiOf(project);
  const issuer = issuerOf(project) ?? frontendApi;
  const convex = convexOf(project);
  const webhook = webhookOf(project, options.url, convex);
  const secretKey = readVariable(project, /^CLERK_SECRET_KEY$/);
  return {
    ...(frontendApi && { frontendApi }),
    ...(issuer && { issuer }),
    ...(convex && { convex }),
    ...(webhook && { webhook }),
    // Only what is a key at all goes out: something else may have been pasted there.
    ...(secretKey && /^sk_(test|live)_[\w-]+$/.test(secretKey) && { secretKey }),
    backendApi: readUrl(endpoints?.backendApi) ?? new URL(clerks.backendApi),
    statusPage: readUrl(endpoints?.statusPage) ?? new URL(clerks.statusPage),
  };
}

/** Of the variables by that name that have a value, the first. */
function readVariable({ env }: ProjectEvidence, name: RegExp): string | undefined {
  return env.find((variable) => name.test(variable.name) && variable.value.trim() !== '')?.value.trim();
}

/** What the browser asks: the proxy where there is one, else the host in the publishable key. */
function frontendApiOf(project: ProjectEvidence): URL | undefined {
  const proxy = readUrl(readVariable(project, /^(?:\w+_)?CLERK_PROXY_URL$/)) ?? readUrl(project.source.proxyUrl);
  if (proxy) return proxy;
  const key = parsePublishableKey(readVariable(project, /^(?:\w+_)?CLERK_PUBLISHABLE_KEY$/));
  return (key && withScheme(key.frontendApi)) ?? undefined;
}

/** What Convex's server asks: the domain in auth.config, else what its variable says. */
function issuerOf({ authConfig, deploymentEnv, env }: ProjectEvidence): URL | undefined {
  const providers = authConfig?.status === 'read' ? authConfig.providers : [];
  const domains = providers.toSorted((a, b) => forClerk(b) - forClerk(a)).map(({ domain }) => domain);
  const inFiles = (name: string) => env.find((variable) => variable.name === name)?.value;
  const variables = ['CLERK_JWT_ISSUER_DOMAIN', 'CLERK_FRONTEND_API_URL'].map(
    (name) => deploymentEnv?.[name] ?? inFiles(name),
  );
  for (const given of [...domains, ...variables]) {
    const issuer = withScheme(given);
    if (issuer) return issuer;
  }
  return undefined;
}

const forClerk = ({ applicationID }: { readonly applicationID?: string }): number => Number(applicationID === 'convex');

/** A host or a URL, as a URL: https, but http for a bare host of this machine. */
function withScheme(text: string | undefined): URL | null {
  const bare = text?.trim() ?? '';
  if (bare === '' || /^[a-z]+:\/\//i.test(bare)) return readUrl(bare);
  const url = readUrl(`https://${bare}`);
  return url && isLoopback(url) ? readUrl(`http://${bare}`) : url;
}

function convexOf(project: ProjectEvidence): URL | undefined {
  const given = readVariable(project, /^(?:VITE_|NEXT_PUBLIC_|EXPO_PUBLIC_|PUBLIC_)?CONVEX_URL$/);
  if (given !== undefined) return readUrl(given) ?? undefined;
  // `dev:happy-animal-123`; `local:...` says nothing of the port.
  const [, name] = /^(?:dev|prod|preview):([\w-]+)$/.exec(readVariable(project, /^CONVEX_DEPLOYMENT$/) ?? '') ?? [];
  return name ? new URL(`https://${name}.convex.cloud`) : undefined;
}

function webhookOf(project: ProjectEvidence, appUrl: string | undefined, convex: URL | undefined): URL | undefined {
  const { handlers, path } = project.webhook;
  const handler = handlers[0];
  // A part that is filled in at run time (`[id]`, `:id`, `*`) leads nowhere.
  if (!handler || path === undefined || /[[\]:*]/.test(path)) return undefined;
  const base = handler.runsIn === 'convex' ? siteOf(project, convex) : withScheme(appUrl);
  return base ? below(base, path) : undefined;
}

/** Where HTTP actions are served: `.convex.site` beside `.convex.cloud`, one port further on a local deployment. */
function siteOf(project: ProjectEvidence, convex: URL | undefined): URL | undefined {
  if (convex?.hostname.endsWith('.convex.cloud')) {
    return new URL(`https://${convex.hostname.replace(/\.cloud$/, '.site')}`);
  }
  const given =
    project.deploymentEnv?.CONVEX_SITE_URL ??
    readVariable(project, /^(?:VITE_|NEXT_PUBLIC_|EXPO_PUBLIC_|PUBLIC_)?CONVEX_SITE_URL$/);
  if (given !== undefined) return readUrl(given) ?? undefined;
  if (!convex || !isLoopback(convex) || convex.port === '') return undefined;
  const site = new URL(convex.origin);
  site.port = String(Number(convex.port) + 1);
  return site;
}
