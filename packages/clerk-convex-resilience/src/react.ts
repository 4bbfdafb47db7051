// The entry "./react": all of ".", with the provider bound to @clerk/react 6.
export * from './public.ts';
export { ConvexClerkProvider, type ConvexClerkProviderProps } from './react/bindings/react.tsx';
