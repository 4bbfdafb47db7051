import { parsePublishableKey } from '../../config/publishableKey.ts';
import { instanceOfSecretKey } from '../../config/secretKey.ts';
import type { FindingArgs, FindingCode } from '../../diagnosis/findings.ts';
import { redactSecret } from '../../diagnosis/redact.ts';

/** What is wrong, as a finding before it is one: findings, with all that they say, are loaded when somebody looks at them. */
export type Problem = {
  readonly [Code in FindingCode]: { readonly code: Code; readonly args: FindingArgs[Code] };
}[FindingCode];

/** Clerk's two keys, as they were given or as the environment has them. */
export interface ClerkKeys {
  readonly publishableKey: string | undefined;
  readonly secretKey: string | undefined;
}

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/**
 * The keys in the environment, under the names that @clerk/nextjs reads. Written out: Next.js puts the value of a
 * `NEXT_PUBLIC_` variable in the place of the whole expression, and at run time the variable may not be there.
 */
export function keysInEnv(): ClerkKeys {
  return {
    publishableKey: readOr(() => process.env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY),
    secretKey: readOr(() => process.env.CLERK_SECRET_KEY),
  };
}

/** Each by itself: without a `process` the one that was written in is there all the same. */
export function readOr(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with the keys; empty when nothing is. `names`: what they are called where they come from. No secret is
 * shown. Two keys of different instances of one kind cannot be told apart here: that shows in the tokens.
 */
export function checkKeys(
  { publishableKey, secretKey }: ClerkKeys,
  names: Readonly<Record<keyof ClerkKeys, string>>,
): readonly Problem[] {
  const problems: Problem[] = [];
  const parsed = parsePublishableKey(publishableKey);
  if (!publishableKey) problems.push({ code: 'PUBLISHABLE_KEY_MISSING', args: { name: names.publishableKey } });
  else if (!parsed) {
    const code = /^sk_/.test(`${publishableKey}`) ? 'SECRET_KEY_IN_PUBLIC_VARIABLE' : 'PUBLISHABLE_KEY_MALFORMED';
    problems.push({ code, args: { name: names.publishableKey, seen: redactSecret(`${publishableKey}`) } });
  }
  const instance = instanceOfSecretKey(`${secretKey}`);
  if (!secretKey) problems.push({ code: 'SECRET_KEY_MISSING', args: { name: names.secretKey } });
  else if (!instance) {
    problems.push({
      code: 'SECRET_KEY_MALFORMED',
      args: { name: names.secretKey, seen: redactSecret(`${secretKey}`) },
    });
  } else if (parsed && parsed.instance !== instance) {
    problems.push({
      code: 'SECRET_KEY_OF_ANOTHER_INSTANCE',
      args: { name: names.secretKey, seen: `sk_${instance}_…`, expected: `sk_${parsed.instance}_…` },
    });
  }
  return problems;
}
