// The entry "./testing": for an app's own unit tests and stories. Nothing of it belongs into an app.
export type { Clock } from './core/clock.ts';
export type { AuthEvent } from './core/events.ts';
export type { AuthHealth } from './core/health.ts';
export { createTestClock, type TestClock } from './core/testClock.ts';
export type { ScriptedAuthCall, ScriptedAuthOptions, ScriptedAuthState } from './testing/createScript.ts';
export { createScriptedAuth, type ScriptedAuth, ScriptedAuthProvider } from './testing/createScriptedAuth.ts';
