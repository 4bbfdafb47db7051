import type { Check } from '../../check.ts';
import type { Evidence } from '../../evidence.ts';
import { finding } from '../../findings.ts';
import { redactSecret } from '../../redact.ts';
import { frontendApiIn } from '../frontendApiIn.ts';
import { show, unseen } from '../show.ts';
import { expectedIssuers } from '../token/expectedIssuers.ts';
import { judgeTemplates } from './judgeTemplates.ts';

const name = 'CLERK_SECRET_KEY';

/** What Clerk's Backend API says to the secret key, and of the instance. */
export const checkBackendApi: Check = (evidence) => {
  const { backendApi, frontendApi } = evidence.network ?? {};
  if (!backendApi) return [];
  const key = evidence.project?.env.find((variable) => variable.name === name)?.value;
  const seen = key ? redactSecret(key) : unseen;
  if (backendApi.status === 401) return [finding('SECRET_KEY_REFUSED', { name, seen })];
  const host = frontendApiIn(evidence) ?? frontendApi?.host;
  // Templates of another instance say nothing of this one.
  if (backendApi.sameInstance === false) {
    const expected = host ? show(host) : unseen;
    return [finding('SECRET_KEY_OF_ANOTHER_INSTANCE', { name, seen, expected })];
  }
  const { templates, integration } = backendApi;
  if (!templates) return [];
  return judgeTemplates(templates, {
    integration,
    applicationIds: applicationIds(evidence),
    frontendApi: host,
    ownNames: ownNames(evidence),
  });
};

/** Convex's providers ask for `convex`, whatever else the app does. */
const ownNames = ({ project }: Evidence): readonly string[] =>
  project && project.source.providers.length === 0
    ? (project.source.templates ?? []).map(({ name }) => name).filter((each) => /convex/i.test(each))
    : [];

const applicationIds = (evidence: Evidence): readonly string[] =>
  expectedIssuers(evidence).flatMap(({ applicationID }) => applicationID ?? []);
