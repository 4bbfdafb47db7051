import type { TemplateEvidence } from '../../evidence.ts';
import { type Finding, finding } from '../../findings.ts';
import { convexAudience } from '../audience.ts';
import { neededSeconds, textOf } from '../claims.ts';
import { none, show, showAll } from '../show.ts';

/** The name that Convex's providers ask for, exactly (convex 1.48.0, ConvexProviderWithClerk: `template: "convex"`). */
export const templateName = 'convex';

/** What is known besides of how tokens for Convex are made. */
interface Surroundings {
  /** Session tokens are good for Convex, and no template is used. Undefined: nobody knows. */
  readonly integration: boolean | undefined;
  /** Of auth.config, where it is known. */
  readonly applicationIds: readonly string[];
  readonly frontendApi: string | undefined;
  /** Names that the app asks for itself, in place of Convex's provider. */
  readonly ownNames: readonly string[];
}

/** The template that tokens for Convex are made with. */
export function judgeTemplates(
  templates: readonly TemplateEvidence[],
  { integration, applicationIds, frontendApi, ownNames }: Surroundings,
): readonly Finding[] {
  if (integration === true) return [];
  const template = templates.find(({ name }) => name === templateName || ownNames.includes(name));
  if (template) return judgeTemplate(template, applicationIds);
  const nearly = templates.find(({ name }) => name.trim().toLowerCase() === templateName);
  if (nearly) return [finding('JWT_TEMPLATE_MISNAMED', { seen: show(JSON.stringify(nearly.name)) })];
  const where = frontendApi && { frontendApi: show(frontendApi) };
  if (integration === false) return [finding('JWT_TEMPLATE_MISSING', { ...where })];
  // Where nobody knows of the integration, it may be on: today's guides begin with it.
  return [finding('JWT_TEMPLATE_MISSING', { ...where, mayBeIntegration: true }, undefined, 'info')];
}

function judgeTemplate({ aud, lifetime }: TemplateEvidence, applicationIds: readonly string[]): readonly Finding[] {
  const audiences = [aud].flat().flatMap((one) => textOf(one) ?? []);
  const expected = [convexAudience, ...applicationIds];
  const isForConvex = audiences.length === 1 && expected.includes(audiences[0] ?? '');
  return [
    ...(isForConvex
      ? []
      : [
          finding('TOKEN_AUDIENCE_WRONG', {
            seen: audiences.length > 0 ? showAll(audiences) : none,
            expected: convexAudience,
          }),
        ]),
    ...(lifetime !== undefined && lifetime < neededSeconds
      ? [finding('TOKEN_LIFETIME_TOO_SHORT', { seconds: lifetime, neededSeconds })]
      : []),
  ];
}
