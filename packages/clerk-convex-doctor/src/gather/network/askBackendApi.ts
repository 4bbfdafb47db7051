import type { NetworkEvidence, TemplateEvidence } from 'clerk-convex-resilience/diagnosis';
import { type Answer, ask, isFault } from './ask.ts';
import { isClerks, kidsIn } from './clerkShape.ts';
import type { Fault } from './faultOf.ts';
import { isLoopback } from './isLoopback.ts';
import { isObject, jsonOf, objectsIn } from './json.ts';
import { below } from './readUrl.ts';

export interface BackendApiAnswer {
  readonly evidence: Omit<NonNullable<NetworkEvidence['backendApi']>, 'sameInstance'>;
  /** Ids of the keys that the secret key's instance publishes. */
  readonly kids?: readonly string[];
  readonly timed?: Answer;
  /** Why it could not be asked. */
  readonly fault?: Fault;
}

/** May the secret key be sent there? Only encrypted, or to this machine. */
export const mayHoldSecret = (base: URL): boolean => base.protocol === 'https:' || isLoopback(base);

/** Asks for the JWT templates and the keys of the secret key's instance. Throws where `mayHoldSecret` says no. */
export async function askBackendApi(base: URL, secretKey: string, timeoutMs: number): Promise<BackendApiAnswer> {
  if (!mayHoldSecret(base)) throw new Error('A secret key is sent over https only.');
  const question = (path: string, method: 'GET' | 'POST' = 'GET') =>
    ask(below(base, path), { timeoutMs, method, headers: { authorization: `Bearer ${secretKey}` } });

  const listed = await question('/v1/jwt_templates');
  if (isFault(listed)) return { evidence: {}, fault: listed };
  const json = jsonOf(listed);
  // A 401 of something in between says nothing of the key.
  if (isClerks(listed, (value) => objectsIn(value) !== undefined) === false) return { evidence: {} };
  const { status } = listed;
  if (status !== 200) return { evidence: { status }, timed: listed };
  const templates = objectsIn(json)?.flatMap(templateIn);

  const keys = await question('/v1/jwks');
  const kids = isFault(keys) || keys.status !== 200 ? undefined : kidsIn(jsonOf(keys));
  const hasTemplate = templates?.some(({ name }) => name === 'convex') ?? true;
  const integration = hasTemplate || !isTest(secretKey) ? undefined : await askIntegration(question);
  return {
    evidence: { status, ...(templates && { templates }), ...(integration !== undefined && { integration }) },
    ...(kids && { kids }),
    timed: listed,
  };
}

const isTest = (secretKey: string): boolean => secretKey.startsWith('sk_test_');

function templateIn({ name, lifetime, claims }: Readonly<Record<string, unknown>>): readonly TemplateEvidence[] {
  if (typeof name !== 'string') return [];
  const aud = isObject(claims) ? claims.aud : undefined;
  return [{ name, ...(typeof lifetime === 'number' && { lifetime }), ...(aud !== undefined && { aud }) }];
}

/**
 * Is Clerk's Convex integration on? It puts `aud: "convex"` on session tokens, and the Backend API has no setting to read that
 * from (InstanceApi and JwtTemplatesApi in @clerk/backend 3.25), so that it is seen on a token of the user who was here last.
 * In development instances only: nobody mints a token of a customer to look at it. Undefined: there is nobody to see it on.
 */
async function askIntegration(
  question: (path: string, method?: 'GET' | 'POST') => Promise<Answer | Fault>,
): Promise<boolean | undefined> {
  const firstId = async (path: string): Promise<string | undefined> => {
    const answer = await question(path);
    const id = isFault(answer) || answer.status !== 200 ? undefined : objectsIn(jsonOf(answer))?.[0]?.id;
    return typeof id === 'string' && /^\w+$/.test(id) ? id : undefined;
  };
  const user = await firstId('/v1/users?limit=1&order_by=-last_sign_in_at');
  const session = user && (await firstId(`/v1/sessions?user_id=${user}&status=active&limit=1`));
  if (!session) return undefined;
  const answer = await question(`/v1/sessions/${session}/tokens`, 'POST');
  const json = isFault(answer) || answer.status !== 200 ? undefined : jsonOf(answer);
  if (!isObject(json) || typeof json.jwt !== 'string') return undefined;
  const claims = claimsOf(json.jwt);
  return isObject(claims) ? [claims.aud].flat().includes('convex') : undefined;
}

function claimsOf(jwt: string): unknown {
  return jsonOf({ body: Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8') });
}
