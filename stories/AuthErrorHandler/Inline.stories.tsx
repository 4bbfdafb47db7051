import type { Meta } from '@storybook/react-vite';
import { AuthErrorHandler } from 'clerk-convex-resilience';
import { stateStory } from '../support/stateStory.tsx';

/** Stands where it is rendered. */
const meta = {
  title: 'AuthErrorHandler/Inline',
  component: AuthErrorHandler,
  args: { variant: 'inline', development: false, build: '1.4.2' },
} satisfies Meta<typeof AuthErrorHandler>;
export default meta;

export const Recovering = stateStory('recovering');
export const Connecting = stateStory('connecting');
export const Offline = stateStory('offline');
export const ClerkUnreachable = stateStory('clerkUnreachable');
export const ConvexUnreachable = stateStory('convexUnreachable');
export const Overloaded = stateStory('overloaded');
export const SessionEnded = stateStory('sessionEnded');
export const SignInNeeded = stateStory('signInNeeded');
export const AccountBlocked = stateStory('accountBlocked');
export const Misconfigured = stateStory('misconfigured');
export const ClerkNotLoaded = stateStory('clerkNotLoaded');
export const Unconfigured = stateStory('unconfigured');
export const BackOnline = stateStory('backOnline');

/** What a developer sees of it. */
export const MisconfiguredInDevelopment = stateStory('misconfigured', { development: true });
