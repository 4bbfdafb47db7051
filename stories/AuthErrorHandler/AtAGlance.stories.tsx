import type { Meta, StoryObj } from '@storybook/react-vite';
import { AuthErrorHandler, type AuthErrorHandlerProps } from 'clerk-convex-resilience';
import { expect, waitFor } from 'storybook/test';
import { StateTile } from '../support/stateStory.tsx';
import { type StateName, states } from '../support/states.ts';

/** Every state below the other, in the language and the theme of the toolbar. */
const meta = {
  title: 'AuthErrorHandler/At a glance',
  component: AuthErrorHandler,
  args: { variant: 'inline', development: false, build: '1.4.2' },
} satisfies Meta<typeof AuthErrorHandler>;
export default meta;

const names = Object.keys(states) as StateName[];

export const AllStates: StoryObj<AuthErrorHandlerProps> = {
  render: (props) => (
    <main style={{ padding: '1rem', background: 'light-dark(#f7f7f8, #131316)' }}>
      {names.map((state) => (
        <StateTile key={state} {...props} state={state} />
      ))}
    </main>
  ),
  play: async ({ canvasElement }) => {
    const shown = () =>
      [...canvasElement.querySelectorAll<HTMLElement>('[data-aged=true] [data-kind]')].map(
        ({ dataset }) => dataset.kind,
      );
    await waitFor(
      () => {
        if (shown().length < names.length) throw new Error('Not every state is on the stage yet.');
      },
      { timeout: 20_000 }, // only a failure takes that long
    );
    await expect(shown()).toEqual(names.map((name) => states[name].kind));
  },
};
