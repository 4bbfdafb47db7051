// The entry "./devtools": a panel for development. Nothing else of the library imports it, so an app has it only where it asks.
export { AuthDevtools, type AuthDevtoolsProps } from './react/devtools/AuthDevtools.tsx';
