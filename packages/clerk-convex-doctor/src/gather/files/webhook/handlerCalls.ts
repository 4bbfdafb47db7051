import type { SourceFile } from '../source/sourceFiles.ts';
import { envReadsOf } from '../syntax/envReads.ts';
import { type CallExpression, lineOf, type NewExpression, walk } from '../syntax/parseSource.ts';

/** A place where a delivery of Clerk's is verified. */
export interface HandlerCall {
  readonly node: CallExpression | NewExpression;
  readonly line: number;
  /** Names of the variables that its secret is read from, in the order of their trial. */
  readonly secretNames: readonly string[];
  /** It is itself what a route takes: `http.route({ handler: clerkWebhookAction(…) })`. */
  readonly isWholeHandler: boolean;
}

// Of this library: webhookSecret.ts. Of Clerk: `verifyWebhook` reads the first (@clerk/backend 2 and 3, webhooks.ts).
const ownNames = ['CLERK_WEBHOOK_SIGNING_SECRET', 'CLERK_WEBHOOK_SECRET'];

/** Calls that verify deliveries: of this library, `verifyWebhook` of a package of Clerk's, `new Webhook()` of Svix in a file about Clerk. */
export function handlerCallsIn(file: SourceFile): readonly HandlerCall[] {
  const found: HandlerCall[] = [];
  const named = [
    ...new Set(
      envReadsOf(file.program)
        .map(({ name }) => name)
        .filter((name) => /WEBHOOK|SVIX|SIGNING/.test(name)),
    ),
  ];
  walk(file.program, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
    if (node.callee.type !== 'Identifier') return;
    const imported = file.imports.get(node.callee.name);
    if (!imported) return;
    const { from, name } = imported;
    const add = (otherwise: readonly string[], isWholeHandler: boolean): void => {
      found.push({ node, line: lineOf(node), secretNames: named.length > 0 ? named : otherwise, isWholeHandler });
    };
    if (/^clerk-convex-resilience\/(convex|webhooks)$/.test(from) && wholeHandlers.has(name)) add(ownNames, true);
    if (/^@clerk\/[\w-]+(\/|$)/.test(from) && name === 'verifyWebhook') add(ownNames.slice(0, 1), false);
    if (/^(svix|standardwebhooks)$/.test(from) && name === 'Webhook' && /clerk/i.test(file.text)) add([], false);
  });
  return found;
}

const wholeHandlers = new Set(['clerkWebhookAction', 'createClerkWebhookHandler', 'createNodeWebhookHandler']);

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
