import { type ApiFromModules, anyApi, type FilterApi, type FunctionReference } from 'convex/server';
import type * as counters from '../counters';
import type * as messages from '../messages';
import type * as users from '../users';

type All = ApiFromModules<{ counters: typeof counters; messages: typeof messages; users: typeof users }>;
// biome-ignore lint/suspicious/noExplicitAny: what codegen writes.
type Any = any;
export const api = anyApi as unknown as FilterApi<All, FunctionReference<Any, 'public'>>;
export const internal = anyApi as unknown as FilterApi<All, FunctionReference<Any, 'internal'>>;
