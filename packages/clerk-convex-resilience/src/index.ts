// The entry ".": everything an app needs, with nothing of Clerk in it.
export * from './public.ts';
export { ConvexClerkProvider, type ConvexClerkProviderProps } from './react/ConvexClerkProvider.tsx';
