import type { Mutation } from './Draft.ts';
import { authConfigMutations } from './mutations/authConfig.ts';
import { convexMutations } from './mutations/convex.ts';
import { keyMutations } from './mutations/keys.ts';
import { middlewareMutations } from './mutations/middleware.ts';
import { networkMutations } from './mutations/network.ts';
import { packageMutations } from './mutations/packages.ts';
import { harmless, reportMutations } from './mutations/reports.ts';
import { sourceMutations } from './mutations/source.ts';
import { tokenMutations } from './mutations/token.ts';
import { webhookMutations } from './mutations/webhooks.ts';

/** Everything that can be made wrong, and what only looks wrong. */
export const mutations: readonly Mutation[] = [
  ...keyMutations,
  ...authConfigMutations,
  ...tokenMutations,
  ...convexMutations,
  ...webhookMutations,
  ...middlewareMutations,
  ...networkMutations,
  ...packageMutations,
  ...sourceMutations,
  ...reportMutations,
  ...harmless,
];
