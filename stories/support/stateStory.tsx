import type { StoryObj } from '@storybook/react-vite';
import { AuthErrorHandler, type AuthErrorHandlerProps } from 'clerk-convex-resilience';
import {
  createScriptedAuth,
  createTestClock,
  type ScriptedAuth,
  ScriptedAuthProvider,
  type TestClock,
} from 'clerk-convex-resilience/testing';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { expect, waitFor } from 'storybook/test';
import { AppPage } from './AppPage.tsx';
import { messagesOf } from './languages.ts';
import { type StateName, states, storyAgeMs, storyTime } from './states.ts';

interface Scene {
  readonly auth: ScriptedAuth;
  readonly clock: TestClock;
}
let current: Scene | undefined;

function scene(): Scene {
  if (!current) throw new Error('No story is rendered.');
  return current;
}

/** Waits until the page of the story is as old as it is to be. */
export async function aged(): Promise<Scene> {
  await waitFor(() => expect(current?.clock.now()).toBe(storyTime + storyAgeMs));
  return scene();
}

/** The handler in an app whose auth is in this state. */
export function InState({ state, ...props }: AuthErrorHandlerProps & { readonly state: StateName }): ReactNode {
  const [{ auth, clock }] = useState(() => {
    const still = createTestClock({ now: storyTime });
    const {
      health,
      clerkStatus = 'ready',
      isOnline = true,
    } = states[state] as Partial<ReturnType<ScriptedAuth['state']>>;
    return {
      clock: still,
      auth: createScriptedAuth({ clock: still, clerkStatus, isOnline, ...(health && { health }) }),
    };
  });
  useLayoutEffect(() => {
    current = { auth, clock };
    return () => {
      current = undefined; // the next story's play waits for its own
    };
  }, [auth, clock]);
  useEffect(() => {
    void clock.advance(storyAgeMs).then(() => {
      if (state === 'backOnline') auth.set({ health: { status: 'healthy', since: clock.now() } });
    });
  }, [auth, clock, state]);
  const handler = <AuthErrorHandler {...props} />;
  return (
    <ScriptedAuthProvider auth={auth}>
      {props.variant === 'inline' ? <AppPage>{handler}</AppPage> : <AppPage />}
      {props.variant !== 'inline' && handler}
    </ScriptedAuthProvider>
  );
}

/** A story of one state, which looks for its role and its text itself. */
export function stateStory(state: StateName, args: AuthErrorHandlerProps = {}): StoryObj<AuthErrorHandlerProps> {
  const { role, title } = states[state];
  return {
    args,
    // Another key for another state: what is on the stage is made once.
    render: (props) => <InState key={state} {...props} state={state} />,
    play: async ({ canvas, globals }) => {
      await aged();
      const text = { ...messagesOf(globals.language), ...args.messages }[title] as string;
      const shown = await canvas.findByText(text);
      await expect(shown.closest('[role]')).toHaveAttribute('role', role);
      await expect(shown).toBeVisible();
    },
  };
}
