import { clerkWebhookFunctions } from 'clerk-convex-resilience/convex';
import { internalMutation } from './_generated/server';

/** What the webhooks in http.ts write with. */
export const { claim, finish, fail, apply } = clerkWebhookFunctions(internalMutation);
