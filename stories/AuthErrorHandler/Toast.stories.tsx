import type { Meta } from '@storybook/react-vite';
import { AuthErrorHandler } from 'clerk-convex-resilience';
import { stateStory } from '../support/stateStory.tsx';

/** Lies over a corner of the page, and can be closed. */
const meta = {
  title: 'AuthErrorHandler/Toast',
  component: AuthErrorHandler,
  args: { variant: 'toast', development: false, build: '1.4.2' },
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

export const TopStart = stateStory('offline', { placement: 'top-start' });
export const TopEnd = stateStory('offline', { placement: 'top-end' });
export const BottomStart = stateStory('offline', { placement: 'bottom-start' });
export const BottomEnd = stateStory('offline', { placement: 'bottom-end' });
