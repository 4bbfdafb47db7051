import type { EnvVariable, ProjectEvidence } from '../../evidence.ts';
import type { Finding } from '../../findings.ts';
import { redactSecret } from '../../redact.ts';
import { isKeyless, isSurelyMissing, tellMissing } from './missing.ts';
import { onProject } from './onProject.ts';
import { publishableKeyOf } from './publishableKeyOf.ts';
import { fileOf, tell } from './tell.ts';
import { blankVariable, isPublicName } from './variables.ts';

/**
 * The publishable key: is it there, where the browser can read it, and is it one? Asked only where the app's code reads it,
 * or Clerk's package for the framework does.
 */
export const checkPublishableKeyInEnv = onProject((project, evidence) => {
  const key = publishableKeyOf(project);
  if (!key) return [];
  const { name, variable, isExposed, isWrittenOut, parsed } = key;
  if (!variable) {
    const blank = blankVariable(project, [name]);
    const place = { at: blank?.at, isSure: isSurelyMissing(project, blank) };
    return isKeyless(project) ? [] : [tellMissing(evidence, 'PUBLISHABLE_KEY_MISSING', name, place)];
  }
  const { at, value } = variable;
  // A secret key in its place has a finding of its own, where it can be read by everybody.
  const isSecretKey = /\bsk_(?:test|live)_\w/.test(value) && isPublicName(variable.name);
  return [
    ...(isExposed ? [] : [tell('PUBLISHABLE_KEY_NOT_EXPOSED', { seen: variable.name, expected: name }, at)]),
    ...(parsed || isSecretKey
      ? []
      : [tell('PUBLISHABLE_KEY_MALFORMED', { name: variable.name, seen: redactSecret(value) }, at)]),
    ...(isWrittenOut ? [] : inProduction(project, variable)),
  ];
});

/** Where this is production: what counts; else what a file for it says, which is not read today. */
function inProduction({ isProduction, envFiles }: ProjectEvidence, counting: EnvVariable): readonly Finding[] {
  const own = counting.value.startsWith('pk_test_') ? [counting] : [];
  const told = isProduction ? own : envFiles.flatMap(({ testKey }) => testKey ?? []);
  return told.map(({ name, at }) =>
    tell('TEST_KEY_IN_PRODUCTION', { name, where: at ? fileOf(at) : 'process.env' }, at),
  );
}
