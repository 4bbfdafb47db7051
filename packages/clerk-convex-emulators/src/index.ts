export { createClerkEmulator } from './clerk/createClerkEmulator.ts';
export type {
  ClerkEmulator,
  ClerkEmulatorOptions,
  ClerkProviderProps5,
  ClerkProviderProps6,
  ClerkRuntimeOptions,
  ClerkWebhookEvent,
  ClerkWebhooks,
  EmulatedJwtTemplate,
  EmulatedOrganization,
  EmulatedUser,
  SeededBrowser,
  WebhookDelivery,
  WebhookSendOptions,
} from './clerk/types.ts';
export { createConvexEmulator } from './convex/createConvexEmulator.ts';
export type { AuthenticationEvent, ConvexEmulator, ConvexEmulatorOptions, FunctionRun } from './convex/types.ts';
export { EmulatorError, type EmulatorErrorCode } from './errors.ts';
export type { ActiveFault, Fault, FaultAction, FaultActionType, Faults } from './faults/fault.ts';
export type { RequestLogEntry } from './requestLog.ts';
export { createFaultProxy, type FaultProxy, type FaultProxyOptions } from './wire/createFaultProxy.ts';
