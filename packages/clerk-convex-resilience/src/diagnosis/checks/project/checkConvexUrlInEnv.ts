import { checkConvexUrl } from '../../../config/convexUrl.ts';
import type { EnvVariable, ProjectEvidence } from '../../evidence.ts';
import type { Finding } from '../../findings.ts';
import { isSurelyMissing, tellMissing } from './missing.ts';
import { onProject } from './onProject.ts';
import { showAddress, tell } from './tell.ts';
import { appVariable, blankVariable, publicName } from './variables.ts';

/** The deployment's URL: is it there, where the app's code reads it; is it one; and of the deployment that CONVEX_DEPLOYMENT names? */
export const checkConvexUrlInEnv = onProject((project, evidence) => {
  const read = project.source.readsEnv.filter((name) => /(?:^|_)CONVEX_URL$/.test(name));
  const names = read.length > 0 ? read : [publicName(project.framework, 'CONVEX_URL')];
  const variable = appVariable(project, names);
  if (variable) {
    const { name, value, at } = variable;
    const isUrl = checkConvexUrl(value) === null;
    return isUrl ? compare(project, variable) : [tell('CONVEX_URL_MALFORMED', { name, seen: showAddress(value) }, at)];
  }
  const [name] = read;
  // `npx convex deploy --cmd` sets it while it builds for production.
  const blank = blankVariable(project, names);
  const isSure = isSurelyMissing(project, blank) && !project.isProduction;
  const place = { at: blank?.at, isSure };
  return name === undefined ? [] : [tellMissing(evidence, 'CONVEX_URL_MISSING', name, place)];
});

/**
 * `dev:happy-animal-123`, as `npx convex dev` writes it, against `happy-animal-123.convex.cloud`, which may have a region in the
 * middle. A local deployment and a domain of one's own say nothing. A production build beside a development deployment is
 * how it should be.
 */
function compare(project: ProjectEvidence, { name, value, at }: EnvVariable): readonly Finding[] {
  const deployment = appVariable(project, ['CONVEX_DEPLOYMENT'])?.value.trim() ?? '';
  const [, kind, expected] = /^(?:(dev|prod|preview):)?([a-z]+-[a-z]+-\d+)$/.exec(deployment) ?? [];
  const [, seen, domain] = /^([^.]+)(\..*)?\.convex\.cloud$/.exec(new URL(value).hostname) ?? [];
  if (!expected || !seen || seen === expected || (project.isProduction && kind === 'dev')) return [];
  const urlOf = (deploymentName: string): string => `https://${deploymentName}${domain ?? ''}.convex.cloud`;
  return [tell('CONVEX_URL_OF_ANOTHER_DEPLOYMENT', { name, seen: urlOf(seen), expected: urlOf(expected) }, at)];
}
