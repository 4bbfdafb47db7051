import { type GenericActionCtx, type GenericDataModel, httpActionGeneric, type PublicHttpAction } from 'convex/server';
import { createClerkWebhookHandler } from '../webhooks/createClerkWebhookHandler.ts';
import type { ClerkWebhookOptions } from '../webhooks/createResponder.ts';
import type { ClerkWebhookHandlers, WebhookEventHandler } from '../webhooks/events.ts';
import { appliedTypes } from './applyEvent.ts';
import type { ClerkWebhookReferences } from './clerkWebhookFunctions.ts';
import { createConvexWebhookStore } from './webhookStore.ts';

/** Options of `clerkWebhookAction`: those of `createClerkWebhookHandler`, with handlers that may use `ctx`. */
export interface ClerkWebhookActionOptions<DataModel extends GenericDataModel>
  extends Omit<ClerkWebhookOptions, 'on' | 'onOutdated' | 'store'> {
  /** The app's own handlers. Of an event that belongs into the tables they run after it is there. */
  readonly on?: ((ctx: GenericActionCtx<DataModel>) => ClerkWebhookHandlers) | undefined;
  /** Called in place of the app's handler for an event that is older than what is known. Left out, nothing is called. */
  readonly onOutdated?: ((ctx: GenericActionCtx<DataModel>) => ClerkWebhookOptions['onOutdated']) | undefined;
}

/**
 * Clerk's webhooks, for `convex/http.ts`: verifies each delivery, brings users and sessions into the tables in the order
 * of the events' own times, once each, then runs the app's own handlers.
 *
 * `functions`: `internal.clerk`, what `clerkWebhookFunctions` has made.
 */
export function clerkWebhookAction<DataModel extends GenericDataModel = GenericDataModel>(
  functions: ClerkWebhookReferences,
  options: ClerkWebhookActionOptions<DataModel> = {},
): PublicHttpAction {
  const { on, onOutdated, ...rest } = options;
  createClerkWebhookHandler({ ...rest, on: {} }); // a malformed secret fails the push, not the first delivery
  return httpActionGeneric((context, request) => {
    const ctx = context as unknown as GenericActionCtx<DataModel>;
    const own: ClerkWebhookHandlers = on?.(ctx) ?? {};
    const applied = appliedTypes.map((type): [string, WebhookEventHandler<never>] => [
      type,
      async (event: object, about) => {
        await ctx.runMutation(functions.apply, { event: JSON.stringify(event) });
        const handler = (own[type as 'user.created'] ?? own['*']) as WebhookEventHandler<object> | undefined;
        await handler?.(event, about);
      },
    ]);
    const handle = createClerkWebhookHandler({
      ...rest,
      on: { ...own, ...Object.fromEntries(applied) },
      onOutdated: onOutdated?.(ctx),
      store: createConvexWebhookStore(ctx, functions),
    });
    return handle(request);
  });
}
