import type { FindingSeverity } from '../../findings.ts';
import { templateName } from '../network/judgeTemplates.ts';
import { onProject } from './onProject.ts';
import { tell } from './tell.ts';

/**
 * Templates that the app's own code asks for, and that are meant to be Convex's: `Convex`, `convex-dev`. One of another name
 * may well be there, so that it is wrong only where Clerk has told which are; else a name that differs in case or spaces
 * is: beside a provider, which asks for `convex`, certainly, and without one it may be the template's.
 */
export const checkTemplates = onProject(({ source }, { network }) => {
  const existing = network?.backendApi?.sameInstance === false ? undefined : network?.backendApi?.templates;
  const unsure: FindingSeverity | undefined = source.providers.length > 0 || existing ? undefined : 'warning';
  return (source.templates ?? [])
    .filter(({ name }) => name !== templateName && isMeant(name, existing !== undefined))
    .filter(({ name }) => !existing?.some((template) => template.name === name))
    .map(({ name, at }) =>
      tell('JWT_TEMPLATE_WRONG_IN_CODE', { seen: quoted(name), expected: quoted(templateName) }, at, unsure),
    );
});

const isMeant = (name: string, isKnown: boolean): boolean =>
  isKnown ? name.toLowerCase().includes(templateName) : name.trim().toLowerCase() === templateName;

const quoted = (name: string): string => JSON.stringify(name);
