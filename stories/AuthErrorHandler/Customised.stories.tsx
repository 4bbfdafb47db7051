import type { Meta, StoryObj } from '@storybook/react-vite';
import { AuthErrorHandler, type AuthErrorHandlerProps, type AuthNoticeButtonProps } from 'clerk-convex-resilience';
import { expect } from 'storybook/test';
import { messagesOf } from '../support/languages.ts';
import { asItIs, seen } from '../support/seen.ts';
import { aged, InState, stateStory } from '../support/stateStory.tsx';

/** Another look, other words, other buttons. */
const meta = {
  title: 'AuthErrorHandler/Customised',
  component: AuthErrorHandler,
  args: { development: false },
} satisfies Meta<typeof AuthErrorHandler>;
export default meta;
type Story = StoryObj<AuthErrorHandlerProps>;

/** Your words for single texts; the rest stays as the language has it. */
export const OtherWords = stateStory('offline', { messages: { offline: 'No signal. Your notes are safe here.' } });

/** The variables of the look, on any element above. */
export const OtherColours: Story = {
  ...stateStory('clerkUnreachable'),
  decorators: [
    (Story) => (
      <>
        <style>{`:root {
          --ccr-background: light-dark(#f3efff, #231a3d); --ccr-foreground: light-dark(#2a1a5e, #efe9ff);
          --ccr-muted: light-dark(#54458a, #c6b8f5); --ccr-border: light-dark(#d9ccff, #4a3a86);
          --ccr-accent: light-dark(#5b34c9, #cbb8ff); --ccr-on-accent: light-dark(#fff, #231a3d); --ccr-radius: 1rem;
        }`}</style>
        <Story />
      </>
    ),
  ],
};

/** A banner whose content is as wide as the column of the page: here, of 30 rem. */
export const AsWideAsThePage: Story = {
  ...stateStory('offline'),
  decorators: [
    (Story) => (
      <>
        <style>{':root { --ccr-width: 30rem; }'}</style>
        <Story />
      </>
    ),
  ],
  play: async ({ canvas, globals }) => {
    await aged();
    const title = await canvas.findByText(messagesOf(globals.language).offline, asItIs);
    const panel = title.closest('.ccr-panel') as HTMLElement;
    const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(panel);
    const wanted = Math.max(16, (panel.clientWidth - 30 * 16) / 2);
    await expect(Number.parseFloat(paddingInlineStart)).toBeCloseTo(wanted, 0);
    await expect(Number.parseFloat(paddingInlineEnd)).toBeCloseTo(wanted, 0);
  },
};

/** Where Clerk's own variables are set, the handler looks like Clerk's components. */
export const AsClerkLooks: Story = {
  ...stateStory('sessionEnded'),
  decorators: [
    (Story) => (
      <>
        <style>{`:root {
          --clerk-color-primary: light-dark(#0b6e4f, #7be0bd); --clerk-color-primary-foreground: light-dark(#fff, #06241a);
          --clerk-border-radius: 0.75rem; --clerk-font-family: Georgia, serif;
        }`}</style>
        <Story />
      </>
    ),
  ],
};

/** No class name of ours: `classNames` alone say how it looks. */
export const ClassNamesOfYours: Story = {
  ...stateStory('offline', {
    variant: 'inline',
    unstyled: true,
    classNames: { panel: 'my-panel', title: 'my-title', actions: 'my-actions', button: 'my-button' },
  }),
  decorators: [
    (Story) => (
      <>
        <style>{`
          .my-panel { display: grid; gap: 0.5rem; padding: 1rem; border-inline-start: 4px solid #c2640a; background: light-dark(#fff6eb, #33230f); }
          .my-panel p { margin: 0; }
          .my-title { font-weight: 700; }
          .my-actions { display: flex; gap: 0.5rem; }
          .my-button { padding: 0.375rem 1rem; border: 1px solid currentcolor; background: none; color: inherit; font: inherit; }
        `}</style>
        <Story />
      </>
    ),
  ],
};

const TryHarder = ({ children, notice: _, ...button }: AuthNoticeButtonProps) => (
  <button type="button" {...button}>
    ↻ {children}
  </button>
);
const Help = ({ reference, className }: { readonly reference: string; readonly className: string | undefined }) => (
  <p className={className}>
    <a href={`mailto:help@example.com?subject=${encodeURIComponent(reference)}`}>{reference}</a>
  </p>
);

/** Components of yours in place of the buttons and of the reference. */
export const ComponentsOfYours: Story = {
  ...stateStory('misconfigured', { components: { Retry: TryHarder, Support: Help }, build: '1.4.2' }),
  play: async ({ canvas }) => {
    await aged();
    await seen(await canvas.findByRole('button', { name: /^↻/ }));
    await expect(canvas.getByRole('link')).toHaveTextContent('RESOURCE_NOT_FOUND 20260115T0930Z 1.4.2');
  },
};

/** A function renders all of it. */
export const RenderedByYou: Story = {
  render: (props) => (
    <InState {...props} state="overloaded">
      {(state) =>
        state && (
          <section
            role="status"
            style={{
              position: 'fixed',
              inset: 'auto 1rem 1rem auto',
              padding: '1rem',
              background: '#212126',
              color: '#fff',
            }}
          >
            {state.title} {state.next}{' '}
            <button type="button" onClick={state.retry}>
              {state.messages.retry}
            </button>
          </section>
        )
      }
    </InState>
  ),
  play: async ({ canvas }) => {
    await aged();
    const region = (await canvas.findAllByRole('status')).find(({ textContent }) => textContent);
    await expect(region).toHaveTextContent(/45|٤٥|৪৫|४५/);
  },
};
