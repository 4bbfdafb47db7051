import { validateHeaderName, validateHeaderValue } from 'node:http';
import { EmulatorError } from '../errors.ts';
import { refuseUnknownKeys } from '../refuseUnknownKeys.ts';
import type { Fault, FaultAction, FaultActionType } from './fault.ts';

/** Whose faults they are: each server has a few actions of its own. */
export type FaultServer = 'clerk' | 'convex' | 'wire';

/** A fault whose action is written out. */
export type ReadFault = Omit<Fault, 'action'> & { readonly action: FaultAction };

type Check = 'status' | 'milliseconds' | 'text' | 'boolean' | 'headers' | 'anything';
interface ActionRule {
  readonly servers: readonly FaultServer[];
  readonly required?: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}

const every: readonly FaultServer[] = ['clerk', 'convex', 'wire'];
const sockets: readonly FaultServer[] = ['convex', 'wire'];
const rules: Readonly<Record<FaultActionType, ActionRule>> = {
  status: {
    servers: every,
    required: { status: 'status' },
    optional: { headers: 'headers', json: 'anything', html: 'text', text: 'text', cors: 'boolean' },
  },
  reset: { servers: every },
  close: { servers: every },
  hang: { servers: every },
  truncate: { servers: every },
  garbage: { servers: every },
  delay: { servers: every, required: { delayMs: 'milliseconds' } },
  slow_body: { servers: every, required: { durationMs: 'milliseconds' } },
  empty_token: { servers: ['clerk'] },
  identical_token: { servers: ['clerk'] },
  unknown_shape: { servers: ['clerk'] },
  refuse_upgrade: { servers: sockets },
  drop_sockets: { servers: sockets },
  auth_error: { servers: ['convex'], optional: { message: 'text' } },
  reject_authenticate: { servers: ['convex'], optional: { message: 'text' } },
};
const faultKeys = ['match', 'times', 'forMs', 'probability', 'seed', 'afterMs', 'action'];

/**
 * Checks a fault that may have come from a file, a command line or HTTP, and writes its action out.
 * Throws `EmulatorError` `invalid_fault` that names the mistake, what is known, and the mend.
 */
export function readFault(server: FaultServer, input: unknown): ReadFault {
  if (!isRecord(input)) throw invalid(`A fault is an object like { action: 'hang' }, not ${show(input)}.`);
  refuseUnknownKeys('A fault', input, faultKeys, 'invalid_fault');
  const { match, times, forMs, probability, seed, afterMs } = input;
  if (match !== undefined && typeof match !== 'string' && !(match instanceof RegExp)) {
    throw invalid(`\`match\` is ${show(match)}; use a string ('POST /v1/client/*') or, in process, a RegExp.`);
  }
  if (times !== undefined && !(Number.isInteger(times) && (times as number) >= 1)) {
    throw invalid(`\`times\` is ${show(times)}; use a whole number from 1, or leave it out for every request.`);
  }
  if (forMs !== undefined) check('forMs', forMs, 'milliseconds');
  if (afterMs !== undefined) check('afterMs', afterMs, 'milliseconds');
  if (probability !== undefined && !(isNumber(probability) && probability >= 0 && probability <= 1)) {
    throw invalid(`\`probability\` is ${show(probability)}; use a number from 0 to 1.`);
  }
  if (seed !== undefined && !isNumber(seed)) throw invalid(`\`seed\` is ${show(seed)}; use a number.`);
  return { ...(input as unknown as Fault), action: readAction(server, input.action) };
}

function readAction(server: FaultServer, input: unknown): FaultAction {
  const action = typeof input === 'string' ? { type: input } : input;
  const known = Object.keys(rules)
    .filter((type) => rules[type as FaultActionType].servers.includes(server))
    .join(', ');
  if (!isRecord(action) || typeof action.type !== 'string') {
    throw invalid(`\`action\` is ${show(input)}; use { type: ... } or a name alone. Known here: ${known}.`);
  }
  const { type } = action;
  const rule = Object.hasOwn(rules, type) ? rules[type as FaultActionType] : undefined;
  if (!rule) throw invalid(`The action "${type}" is unknown. Known here: ${known}.`);
  if (!rule.servers.includes(server)) {
    const others = rule.servers.map((name) => serverNames[name]).join(' and ');
    throw invalid(`The action "${type}" works on ${others} only, not on ${serverNames[server]}. Known here: ${known}.`);
  }
  const required = Object.entries(rule.required ?? {});
  const optional = Object.entries(rule.optional ?? {});
  const keys = ['type', ...[...required, ...optional].map(([key]) => key)];
  refuseUnknownKeys(`The action "${type}"`, action, keys, 'invalid_fault');
  for (const [key, kind] of required) {
    if (action[key] === undefined) {
      throw invalid(`The action "${type}" needs \`${key}\`: { type: '${type}', ${key}: ${examples[kind]} }.`);
    }
    check(key, action[key], kind);
  }
  for (const [key, kind] of optional) if (action[key] !== undefined) check(key, action[key], kind);
  const bodies = ['json', 'html', 'text'].filter((key) => action[key] !== undefined);
  if (bodies.length > 1)
    throw invalid(`An answer has one body, not ${bodies.map((key) => `\`${key}\``).join(' and ')}; keep one of them.`);
  return action as unknown as FaultAction;
}

const serverNames: Readonly<Record<FaultServer, string>> = {
  clerk: 'the Clerk emulator',
  convex: 'the Convex emulator',
  wire: 'the fault proxy',
};
const examples: Readonly<Record<Check, string>> = {
  status: '503',
  milliseconds: '2000',
  text: "'...'",
  boolean: 'false',
  headers: "{ 'retry-after': '7' }",
  anything: '{}',
};

function check(key: string, value: unknown, kind: Check): void {
  switch (kind) {
    case 'status':
      // 1xx are interim answers: Node cannot end a response with one.
      if (Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599) return;
      throw invalid(`\`${key}\` is ${show(value)}; use an HTTP status from 200 to 599.`);
    case 'milliseconds':
      if (isNumber(value) && value >= 0) return;
      throw invalid(`\`${key}\` is ${show(value)}; use milliseconds, 0 or more.`);
    case 'text':
      if (typeof value === 'string') return;
      throw invalid(`\`${key}\` is ${show(value)}; use a string.`);
    case 'boolean':
      if (typeof value === 'boolean') return;
      throw invalid(`\`${key}\` is ${show(value)}; use true or false.`);
    case 'headers':
      if (!isRecord(value) || !Object.values(value).every((text) => typeof text === 'string')) {
        throw invalid(`\`${key}\` is ${show(value)}; use an object of strings, like ${examples.headers}.`);
      }
      for (const [name, text] of Object.entries(value)) checkHeader(key, name, text as string);
      return;
    case 'anything':
      return;
    default:
      kind satisfies never;
  }
}

/** Node would throw at the answer, and the page see a broken connection instead of it. */
function checkHeader(key: string, name: string, text: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, text);
  } catch {
    throw invalid(
      `\`${key}\` holds ${show(name)}: ${show(text)}, which HTTP cannot carry; use letters, digits and dashes in the name, and one line of text.`,
    );
  }
}

const invalid = (message: string) => new EmulatorError('invalid_fault', message);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function show(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  return JSON.stringify(value)?.slice(0, 80) ?? typeof value;
}
