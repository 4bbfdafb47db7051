// What "./next" renders in the browser. No entry of the package: it is built as a file of its own, because a server
// component and a client component cannot share one.
export { GuardedApp, type GuardedAppProps } from './react/bindings/next/GuardedApp.tsx';
