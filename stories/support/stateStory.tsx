import type { StoryObj } from '@storybook/react-vite';
import { AuthErrorHandler, type AuthErrorHandlerProps, type AuthHealth } from 'clerk-convex-resilience';
import {
  createScriptedAuth,
  createTestClock,
  type ScriptedAuth,
  ScriptedAuthProvider,
  type TestClock,
} from 'clerk-convex-resilience/testing';
import { type ReactNode, useEffect, useLayoutEffect, useReducer, useState } from 'react';
import { expect, waitFor } from 'storybook/test';
import { AppPage } from './AppPage.tsx';
import { messagesOf } from './languages.ts';
import { asItIs, seen } from './seen.ts';
import { type StateName, states, storyAgeMs, storyTime, titleOf } from './states.ts';

interface Scene {
  readonly auth: ScriptedAuth;
  readonly clock: TestClock;
}
/** What is on the stage. */
let current: Scene | undefined;

/** Waits until the page of the story is as old as it is to be. */
export const aged = (): Promise<Scene> =>
  waitFor(
    () => {
      if (current?.clock.now() !== storyTime + storyAgeMs) throw new Error('The story is not on the stage yet.');
      return current;
    },
    { timeout: 20_000 }, // only a failure takes that long
  );

interface SceneOptions {
  /** @defaultValue the one of the state */
  readonly health?: AuthHealth | undefined;
  /** What comes of a button. @defaultValue nothing, at once */
  readonly onCall?: (() => Promise<void>) | undefined;
  readonly onAged?: (() => void) | undefined;
}

/** Auth in this state, in a page that is as old as it is to be. */
function useScene(state: StateName, { onAged, health = states[state].health, onCall }: SceneOptions = {}): Scene {
  const [scene] = useState(() => {
    const clock = createTestClock({ now: storyTime });
    return { clock, auth: createScriptedAuth({ ...states[state], health, onCall, clock }) };
  });
  useEffect(() => {
    const { auth, clock } = scene;
    void clock.advance(storyAgeMs).then(() => {
      if (state === 'backOnline') auth.set({ health: { status: 'healthy', since: clock.now() } });
      onAged?.();
    });
  }, [scene, state, onAged]);
  return scene;
}

/** What the state has a child throw, if it does. */
function Child({ state }: { readonly state: StateName }): null {
  const { throws } = states[state];
  if (throws) throw throws;
  return null;
}

/** The handler alone, in this state; `data-aged` when nothing changes any more. */
export function StateTile({ state, ...props }: AuthErrorHandlerProps & { readonly state: StateName }): ReactNode {
  const [isAged, setAged] = useReducer(() => true, false);
  const { auth } = useScene(state, { onAged: setAged });
  return (
    <ScriptedAuthProvider auth={auth}>
      <div data-state={state} data-aged={isAged} style={{ paddingBlock: '0.375rem' }}>
        <AuthErrorHandler {...props}>
          <Child state={state} />
        </AuthErrorHandler>
      </div>
    </ScriptedAuthProvider>
  );
}

/** The handler in an app whose auth is in this state. */
export function InState({
  state,
  health,
  onCall,
  ...props
}: AuthErrorHandlerProps & Omit<SceneOptions, 'onAged'> & { readonly state: StateName }): ReactNode {
  const { auth, clock } = useScene(state, { health, onCall });
  useLayoutEffect(() => {
    current = { auth, clock };
    return () => {
      current = undefined; // the next story's play waits for its own
    };
  }, [auth, clock]);
  const { variant, children = states[state].throws && <Child state={state} /> } = props;
  const handler = <AuthErrorHandler {...props}>{children}</AuthErrorHandler>;
  const isPartOfPage = variant === 'inline' || Boolean(children);
  return (
    <ScriptedAuthProvider auth={auth}>
      <AppPage>{isPartOfPage && handler}</AppPage>
      {!isPartOfPage && handler}
    </ScriptedAuthProvider>
  );
}

/** What can be pressed in a notice, but for what closes it and what a developer reads. */
const namesOf = (root: HTMLElement | null, close: string): (string | null)[] =>
  [...(root?.querySelectorAll('button, a') ?? [])]
    .filter((part) => part.getAttribute('aria-label') !== close && !part.closest('.ccr-development'))
    .map(({ textContent }) => textContent);

/** A story of one state, which looks for its role, its text and its buttons itself. */
export function stateStory(state: StateName, args: AuthErrorHandlerProps = {}): StoryObj<AuthErrorHandlerProps> {
  const { kind, role, actions } = states[state];
  return {
    args,
    // Another key for another state: what is on the stage is made once.
    render: (props) => <InState key={state} {...props} state={state} />,
    play: async ({ canvas, globals }) => {
      await aged();
      const texts = { ...messagesOf(globals.language), ...args.messages };
      const shown = await canvas.findByText(titleOf(states[state], texts), asItIs);
      await expect(shown.closest('[role]')).toHaveAttribute('role', role);
      const root = shown.closest<HTMLElement>('[data-kind]');
      await expect(root).toHaveAttribute('data-kind', kind);
      await expect(namesOf(root, texts.close)).toEqual(actions.map((action) => texts[action]));
      await seen(shown);
      if (args.development) await seen(await canvas.findByText('clerk · misconfigured · 404 · resource_not_found'));
    },
  };
}
