// The entry "./nextjs": all of ".", with the provider bound to @clerk/nextjs 6 and 7.
export * from './public.ts';
export { ConvexClerkProvider, type ConvexClerkProviderProps } from './react/bindings/nextjs.tsx';
