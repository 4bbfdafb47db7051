import { environment } from '../../../config/environment.ts';
import { parsePublishableKey } from '../../../config/publishableKey.ts';
import { instanceOfSecretKey } from '../../../config/secretKey.ts';
import type { ConfigProblem } from '../../../core/health.ts';
import { describeWith, type FindingText } from '../../../diagnosis/describeFinding.ts';
import { type Finding, finding } from '../../../diagnosis/findings.ts';
import { en } from '../../../diagnosis/prose/en.ts';
import { redactSecret } from '../../../diagnosis/redact.ts';
import { findingsOfProblems } from '../../findingsOfProblems.ts';
import { variables } from './variables.ts';

/** A finding and its words. */
export type Advice = Finding & { readonly text: FindingText };

/** What is wrong with the settings of a Next.js app and what to do, under the names of its variables, the server's own among them. */
export const configAdvice = (problems: readonly ConfigProblem[], given: Given): readonly Advice[] =>
  configFindings(problems, given).map((found) => ({ ...found, text: describeWith(en, found) }));

interface Given {
  readonly publishableKey: string | undefined;
  readonly convexUrl: string | undefined;
}

const configFindings = (problems: readonly ConfigProblem[], given: Given): readonly Finding[] => [
  ...findingsOfProblems(problems, { ...given, variables }),
  ...secretKeyFindings(given.publishableKey),
];

/** Without it the middleware cannot tell who is signed in; the browser does not need it. */
function secretKeyFindings(publishableKey: string | undefined): readonly Finding[] {
  const name = 'CLERK_SECRET_KEY';
  const key = environment()[name];
  if (!key) return [finding('SECRET_KEY_MISSING', { name })];
  const seen = instanceOfSecretKey(key);
  if (!seen) return [finding('SECRET_KEY_MALFORMED', { name, seen: redactSecret(key) })];
  const expected = parsePublishableKey(publishableKey)?.instance;
  return expected && expected !== seen
    ? [finding('SECRET_KEY_OF_ANOTHER_INSTANCE', { name, seen: `sk_${seen}_…`, expected: `sk_${expected}_…` })]
    : [];
}
