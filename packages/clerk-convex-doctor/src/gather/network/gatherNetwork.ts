import { type NetworkEvidence, type ProjectEvidence, redactText } from 'clerk-convex-resilience/diagnosis';
import type { DoctorOptions } from '../../types.ts';
import { addressesOf } from './addressesOf.ts';
import { askBackendApi, mayHoldSecret } from './askBackendApi.ts';
import { askConvexDeployment } from './askConvexDeployment.ts';
import { askFrontendApi } from './askFrontendApi.ts';
import { askIdentityProvider } from './askIdentityProvider.ts';
import { askStatusPage } from './askStatusPage.ts';
import { askWebhook } from './askWebhook.ts';
import { clockAhead } from './clockAhead.ts';
import { seenIn } from './hostAnswer.ts';
import { type NetworkStepId, networkStep, offlineReason } from './networkSteps.ts';

/** What a question came to: what was seen, or why it was not asked. */
type Seen<Value> = { readonly value: Value; readonly detail: string } | { readonly skipped: string };

const defaultTimeoutMs = 5000;

/**
 * Asks the network what concerns one app, everything at once; `onStep` is told of each question. A question that cannot be put
 * (no publishable key, no `--url`) is skipped, and its part of the evidence is absent. Never throws.
 */
export async function gatherNetwork(project: ProjectEvidence, options: DoctorOptions): Promise<NetworkEvidence> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const tell = (...step: Parameters<typeof networkStep>) => options.onStep?.(networkStep(...step));
  async function look<Value>(id: NetworkStepId, question: () => Promise<Seen<Value>>): Promise<Value | undefined> {
    if (options.offline) {
      tell(id, 'skipped', offlineReason);
      return undefined;
    }
    tell(id, 'started');
    const seen = await question().catch(
      (error: unknown): Seen<Value> => ({ skipped: error instanceof Error ? error.message : String(error) }),
    );
    if ('skipped' in seen) {
      tell(id, 'skipped', redactText(seen.skipped));
      return undefined;
    }
    tell(id, 'done', redactText(seen.detail));
    return seen.value;
  }

  const at = addressesOf(project, options);
  const [frontendApi, identityProvider, convex, webhook, backendApi, incidents] = await Promise.all([
    look('frontend-api', async () => {
      if (!at.frontendApi) return { skipped: 'There is no publishable key that names it.' };
      const value = await askFrontendApi(at.frontendApi, timeoutMs);
      return { value, detail: seenIn(value.answer) };
    }),
    look('identity-provider', async () => {
      if (!at.issuer) return { skipped: 'Neither auth.config nor the environment names an issuer.' };
      const value = await askIdentityProvider(at.issuer, timeoutMs, at.frontendApi);
      return { value, detail: seenIn(value) };
    }),
    look('convex', async () => {
      if (!at.convex) return { skipped: "The deployment's URL is in no environment variable." };
      const value = await askConvexDeployment(at.convex, timeoutMs);
      return { value, detail: seenIn(value.answer) };
    }),
    look('webhook', async () => {
      if (!at.webhook) return { skipped: whyNoWebhook(project, options) };
      const value = await askWebhook(at.webhook, timeoutMs);
      const get = value.getStatus === undefined ? '' : ` (to a GET: ${value.getStatus})`;
      return { value: value.answer, detail: `${seenIn(value.answer)}${get}` };
    }),
    look('backend-api', async () => {
      if (!at.secretKey) return { skipped: 'There is no CLERK_SECRET_KEY.' };
      if (!mayHoldSecret(at.backendApi)) return { skipped: 'The secret key is sent over https only.' };
      const value = await askBackendApi(at.backendApi, at.secretKey, timeoutMs);
      return { value, detail: detailOf(at.backendApi, value) };
    }),
    look('status-page', async () => {
      const value = await askStatusPage(at.statusPage, timeoutMs);
      if (typeof value === 'string') return { skipped: `${at.statusPage.host}: ${value}` };
      return { value, detail: value.length === 0 ? 'No incident is open.' : value.join('; ') };
    }),
  ]);

  const timed = frontendApi?.timed ?? convex?.timed ?? backendApi?.timed;
  const clockAheadMs = await look('clock', async () => {
    const value = timed && clockAhead(timed);
    if (value === undefined) return { skipped: 'No answer says what time it is.' };
    return {
      value,
      detail: `This clock is ${(Math.abs(value) / 1000).toFixed(1)} s ${value < 0 ? 'behind' : 'ahead'}.`,
    };
  });

  const sameInstance = sharesKey(frontendApi?.kids, backendApi?.kids);
  return {
    ...(frontendApi && { frontendApi: frontendApi.answer }),
    ...(identityProvider && { identityProvider }),
    ...(convex && { convex: convex.answer }),
    ...(webhook && { webhook }),
    ...(backendApi && {
      backendApi: { ...backendApi.evidence, ...(sameInstance !== undefined && { sameInstance }) },
    }),
    ...(incidents && { incidents }),
    ...(clockAheadMs !== undefined && { clockAheadMs }),
  };
}

function whyNoWebhook({ webhook: { handlers, path } }: ProjectEvidence, { url }: DoctorOptions): string {
  if (!handlers[0]) return "No file handles Clerk's webhooks.";
  if (path === undefined) return "The route's path cannot be read from the files.";
  if (handlers[0].runsIn === 'app' && !url) return 'Where the app is served is not known: give it with --url.';
  return 'Where the route is served cannot be told.';
}

function detailOf({ host }: URL, { evidence, fault }: Awaited<ReturnType<typeof askBackendApi>>): string {
  if (fault) return `${host}: ${fault.fault} (${fault.reason})`;
  if (evidence.status === undefined) return `${host}: not the answer that it gives`;
  const names = evidence.templates?.map(({ name }) => JSON.stringify(name)).join(', ');
  const { integration } = evidence;
  const seen = integration === undefined ? '' : `; a session token of the last user: integration ${onOff(integration)}`;
  return `${host}: ${evidence.status}${names === undefined ? '' : `, JWT templates: ${names || 'none'}`}${seen}`;
}

const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

/** Do two sets of keys belong to one instance? Undefined where one of them is not known. */
function sharesKey(some: readonly string[] | undefined, others: readonly string[] | undefined): boolean | undefined {
  if (!some?.length || !others?.length) return undefined;
  return some.some((kid) => others.includes(kid));
}
