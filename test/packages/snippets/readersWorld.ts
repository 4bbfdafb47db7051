// What the documents take for granted that their reader has: everything but this library, which they import.

export { ClerkProvider, useAuth } from '@clerk/clerk-react';
export { ConvexReactClient } from 'convex/react';
export { defineSchema } from 'convex/server';
export { default as express } from 'express';
export { internalMutation, mutation } from '../../../examples/vite-app/convex/_generated/server';
export type { Scenario } from '../../faults/Scenario.ts';
export { api, internal } from './readersApi.ts';

// Of the app.
type Component<Props = unknown> = (props: Props) => import('react').ReactNode;
export declare const App: Component;
export declare const Articles: Component;
export declare const MissingKeys: Component;
export declare const MyBanner: Component<{ title: string; hint: string; onRetry: () => void }>;
export declare const Setup: Component<{ problems: readonly import('clerk-convex-resilience').ConfigProblem[] }>;
export declare const Spinner: Component;
export declare const YourPage: Component;
export declare const convex: import('convex/react').ConvexReactClient;
export declare const key: string;
export declare const publishableKey: string;
export declare const url: string;
export declare const signal: AbortSignal;
export declare const token: string;
export declare const authError: Error;
export declare const room: string;
export declare const body: string;
export interface PostState {
  readonly status: string;
  readonly body: string;
}
export declare const post: (before: PostState, form: FormData) => Promise<PostState>;
export declare const setNotice: (failure: { readonly kind: string; readonly reference: string }) => void;

// Of its server.
type Webhooks = typeof import('clerk-convex-resilience/webhooks');
type Row = import('clerk-convex-resilience/webhooks').WebhookStoreRows;
/** Of a worker, as `wrangler types` writes it. */
export interface Env {
  readonly CLERK_WEBHOOK_SIGNING_SECRET?: string;
}
export declare const app: ReturnType<typeof import('express')>;
export declare const http: import('convex/server').HttpRouter;
export declare const on: import('clerk-convex-resilience/webhooks').ClerkWebhookHandlers;
export declare const store: ReturnType<Webhooks['createMemoryWebhookStore']>;
export declare const context: import('clerk-convex-resilience/webhooks').WebhookContext;
export declare const row: { version: import('clerk-convex-resilience/webhooks').WebhookVersion } | undefined;
export declare const saveUser: (user: import('@clerk/backend').UserJSON) => Promise<void>;
export declare const removeUser: (id: string | undefined) => Promise<void>;
export declare const audit: (userId: string, deliveryId: string) => Promise<void>;
interface Transaction {
  readonly id: number;
}
export declare const db: { transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> };
type About = { readonly deliveryId: string };
export declare const read: (tx: Transaction, about: About) => Promise<Row>;
export declare const write: (tx: Transaction, about: About, rows: Row) => Promise<void>;
