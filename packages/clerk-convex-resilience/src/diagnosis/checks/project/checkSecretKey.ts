import type { EnvVariable, ProjectEvidence } from '../../evidence.ts';
import type { Finding } from '../../findings.ts';
import { redactSecret } from '../../redact.ts';
import { isKeyless, isSurelyMissing, tellMissing } from './missing.ts';
import { onProject } from './onProject.ts';
import { usesClerkOnServer } from './packageUse.ts';
import { publishableKeyOf } from './publishableKeyOf.ts';
import { fileOf, tell } from './tell.ts';
import { appVariable, blankVariable, convexVariable, isPublicName } from './variables.ts';

const name = 'CLERK_SECRET_KEY';

/** A key cut off in its middle cannot be told from a whole one: Clerk does not say how long they are. */
const isSecretKey = (value: string): boolean => /^sk_(?:test|live)_[A-Za-z\d]+$/.test(value);

/** The secret key of the app's server: needed where Clerk's package for Next.js or TanStack Start runs, judged wherever it is. */
export const checkSecretKey = onProject((project, evidence) => {
  const key = appVariable(project, [name]);
  if (key) return judge(project, key);
  if (!usesClerkOnServer(project) || isKeyless(project)) return [];
  const blank = blankVariable(project, [name]);
  const place = { at: blank?.at, isSure: isSurelyMissing(project, blank) };
  return [tellMissing(evidence, 'SECRET_KEY_MISSING', name, place)];
});

/** The secret key of Convex's functions: judged only when the deployment's variables are known, and a function reads it. */
export const checkSecretKeyInConvex = onProject((project) => {
  const [place] = project.source.readsClerkSecretKey;
  if (place === undefined || !project.deploymentEnv) return [];
  const key = convexVariable(project, [name]);
  return key
    ? judge(project, { ...key, at: place })
    : [tell('CLERK_SECRET_KEY_MISSING_IN_CONVEX', { file: fileOf(place) }, place)];
});

/**
 * Is it a secret key, and of the same kind of instance as the publishable key? The prefix tells, also where the rest is
 * damaged; two instances of one kind cannot be told apart without asking Clerk.
 */
function judge(project: ProjectEvidence, { value, at }: EnvVariable): readonly Finding[] {
  const seen = /^sk_(test|live)_/.exec(value)?.[1];
  const expected = /^pk_(test|live)_/.exec(publishableKeyOf(project)?.variable?.value ?? '')?.[1];
  return [
    ...(isSecretKey(value) ? [] : [tell('SECRET_KEY_MALFORMED', { name, seen: redactSecret(value) }, at)]),
    ...(seen && expected && seen !== expected
      ? [tell('SECRET_KEY_OF_ANOTHER_INSTANCE', { name, seen: `sk_${seen}_…`, expected: `sk_${expected}_…` }, at)]
      : []),
  ];
}

/** A secret key in a variable that bundlers show to the browser, whatever it is called. */
export const checkPublicVariables = onProject(({ env }) =>
  env.flatMap(({ name: variable, value, at }) => {
    const secret = /\bsk_(?:test|live)_\w+/.exec(value)?.[0];
    return secret && isPublicName(variable)
      ? [tell('SECRET_KEY_IN_PUBLIC_VARIABLE', { name: variable, seen: redactSecret(secret) }, at)]
      : [];
  }),
);
