import { ofNamesHandedOn } from './ordinary/handedOn.ts';
import type { OrdinaryProject } from './ordinary/OrdinaryProject.ts';
import { ofSource } from './ordinary/source.ts';
import { ofVariables } from './ordinary/variables.ts';
import { ofWebhooks } from './ordinary/webhooks.ts';

export const ordinaryProjects: readonly OrdinaryProject[] = [
  ...ofVariables,
  ...ofNamesHandedOn,
  ...ofSource,
  ...ofWebhooks,
];
