import type { FunctionReference } from 'convex/server';
import type { internal as ofTheExample } from '../../../examples/vite-app/convex/_generated/api';

// `convex/_generated/api` of the app that the documents' snippets stand in: the example's webhooks, and what a reader may have besides.

type Internal<Args extends object> = FunctionReference<'mutation', 'internal', Args & Record<string, unknown>, null>;

export declare const api: {
  readonly articles: {
    readonly list: FunctionReference<'query', 'public', Record<string, never>, { title: string }[]>;
  };
  readonly messages: {
    readonly list: FunctionReference<'query', 'public', Record<string, never>, { author: string; body: string }[]>;
    readonly inRoom: FunctionReference<'query', 'public', { room: string }, { author: string; body: string }[]>;
    readonly send: FunctionReference<'mutation', 'public', { room?: string; body: string }, null>;
  };
  readonly users: { readonly store: FunctionReference<'mutation', 'public', Record<string, never>, string> };
};

export declare const internal: typeof ofTheExample & {
  readonly mail: { readonly welcome: Internal<{ clerkId: string; deliveryId: string }> };
  readonly organizations: { readonly save: Internal<{ id: string; name: string }> };
};
