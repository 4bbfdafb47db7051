// The entry "./clerk-react": all of ".", with the provider bound to @clerk/clerk-react 5.
export * from './public.ts';
export { ConvexClerkProvider, type ConvexClerkProviderProps } from './react/bindings/clerk-react.tsx';
