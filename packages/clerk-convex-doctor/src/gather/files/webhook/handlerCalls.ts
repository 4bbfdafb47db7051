import type { SourceFile } from '../source/sourceFiles.ts';
import { envReadsOf } from '../syntax/envReads.ts';
import { type CallExpression, type Expression, lineOf, type NewExpression, walk } from '../syntax/parseSource.ts';
import { isClerks, isOfOthers } from './isClerks.ts';
import { optionOf, secretIn } from './secretIn.ts';

/** A place where a delivery of Clerk's is verified. */
export interface HandlerCall {
  readonly node: CallExpression | NewExpression;
  readonly line: number;
  /** Names of the variables that its secret is read from, in the order of their trial; none: that is not known. */
  readonly secretNames: readonly string[];
  /** It is itself what a route takes: `http.route({ handler: clerkWebhookAction(…) })`. */
  readonly isWholeHandler: boolean;
}

// Of this library: webhookSecret.ts. Of Clerk: `verifyWebhook` reads the first (@clerk/backend 2 and 3, webhooks.ts).
const ownNames = ['CLERK_WEBHOOK_SIGNING_SECRET', 'CLERK_WEBHOOK_SECRET'];

/** Calls that verify deliveries: of this library, `verifyWebhook` of a package of Clerk's, `new Webhook()` of Svix for Clerk. */
export function handlerCallsIn(file: SourceFile): readonly HandlerCall[] {
  const found: HandlerCall[] = [];
  walk(file.program, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
    if (node.callee.type !== 'Identifier') return;
    const imported = file.imports.get(node.callee.name);
    if (!imported) return;
    const { from, name } = imported;
    const given = node.arguments as readonly Expression[];
    const add = (secretNames: readonly string[], isWholeHandler: boolean): void => {
      found.push({ node, line: lineOf(node), secretNames, isWholeHandler });
    };
    /** Names of the option that is given in place of the variables that are read otherwise. */
    const fromOption = (
      options: Expression | undefined,
      called: string,
      otherwise: readonly string[],
    ): readonly string[] => {
      const option = options && optionOf(options, called, file);
      if (option === undefined) return otherwise;
      return option === 'unknown' ? [] : secretIn(option, file).names;
    };
    const whole = /^clerk-convex-resilience\/(convex|webhooks)$/.test(from) ? wholeHandlers.get(name) : undefined;
    if (whole !== undefined) add(fromOption(given[whole], 'secrets', ownNames), true);
    if (/^@clerk\/[\w-]+(\/|$)/.test(from) && name === 'verifyWebhook')
      add(fromOption(given[1], 'signingSecret', ownNames.slice(0, 1)), false);
    if (/^(svix|standardwebhooks)$/.test(from) && name === 'Webhook' && given[0]) {
      const secret = secretIn(given[0], file);
      if (isClerks(file, secret.said)) add(secret.names.length > 0 ? secret.names : namedIn(file), false);
    }
  });
  return found;
}

/** Each with the place of its options among what it is given. */
const wholeHandlers: ReadonlyMap<string, number> = new Map([
  ['clerkWebhookAction', 1],
  ['createClerkWebhookHandler', 0],
  ['createNodeWebhookHandler', 0],
]);

/** What the file reads, where it cannot be followed how that comes to the call: Clerk's by name before any. */
function namedIn(file: SourceFile): readonly string[] {
  const names = envReadsOf(file.program)
    .map(({ name }) => name)
    .filter((name) => /WEBHOOK|SVIX|SIGNING/.test(name) && !isOfOthers(name));
  const clerks = names.filter((name) => name.includes('CLERK'));
  return [...new Set(clerks.length > 0 ? clerks : names)];
}

/** Calls of `clerkWebhookFunctions`: what a webhook writes with. It is of no use without a route. */
export function functionCallsIn(file: SourceFile): readonly number[] {
  const lines: number[] = [];
  walk(file.program, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return;
    const imported = file.imports.get(node.callee.name);
    if (imported?.from === 'clerk-convex-resilience/convex' && imported.name === 'clerkWebhookFunctions')
      lines.push(lineOf(node));
  });
  return lines;
}
