import type { Meta, StoryObj } from '@storybook/react-vite';
import { AuthDevtools, type AuthDevtoolsProps } from 'clerk-convex-resilience/devtools';
import { expect, waitFor, within } from 'storybook/test';
import { seen } from '../support/seen.ts';
import { DevtoolsScene, recovering } from './DevtoolsScene.tsx';

/** A panel for development, in English: what the sign-in is doing, and buttons that break the network of this tab. */
const meta = {
  title: 'AuthDevtools/Panel',
  component: AuthDevtools,
  args: { initialIsOpen: true },
  render: (props) => <DevtoolsScene {...props} />,
} satisfies Meta<typeof AuthDevtools>;
export default meta;
type Story = StoryObj<AuthDevtoolsProps>;

/** A button in a corner. It opens the panel, which takes the focus; Escape closes it and gives the focus back. */
export const Closed: Story = {
  args: { initialIsOpen: false },
  play: async ({ canvas, userEvent }) => {
    const toggle = await canvas.findByRole('button', { name: 'Auth: healthy' });
    await expect(toggle).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(toggle);
    await expect(await canvas.findByRole('region', { name: 'Auth devtools' })).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(canvas.queryByRole('region')).toBeNull());
    await expect(toggle).toHaveFocus();
  },
};

/** All is well: the claims of the token, and never the token. */
export const OpenHealthy: Story = {
  play: async ({ canvas, canvasElement }) => {
    await seen(await canvas.findByText('idle'));
    await seen(canvas.getByText('ada@example.com'));
    await waitFor(() => expect(canvas.getAllByRole('listitem')).toHaveLength(6));
    await expect(canvasElement.innerHTML).not.toMatch(/eyJ/);
  },
};

/** What is wrong, and when it is tried again. */
export const OpenRecovering: Story = {
  render: (props) => <DevtoolsScene {...props} health={recovering} history="outage" />,
  play: async ({ canvas }) => {
    await seen(await canvas.findByText('waiting, 4 failed in a row, next attempt in 3 s'));
    await seen(canvas.getByText('server internal_clerk_error'));
    await seen(await canvas.findByText(/^Attempt 4 of the request for a token failed/));
  },
};

/** A setting is missing. */
export const OpenUnconfigured: Story = {
  render: (props) => (
    <DevtoolsScene
      {...props}
      isHeld={false}
      history="none"
      health={{
        status: 'unconfigured',
        problems: [{ option: 'convexUrl', message: 'convexUrl is missing. Set VITE_CONVEX_URL in .env.local.' }],
      }}
    />
  ),
  play: async ({ canvas }) => {
    await seen(await canvas.findByText('convexUrl'));
    await expect(canvas.getByRole('button', { name: 'Expire token' })).toBeDisabled();
    await expect(canvas.getByRole('button', { name: 'Auth: unconfigured' })).toBeVisible();
  },
};

/** Two hundred entries are kept, and the newest is in sight. A filter leaves those that one looks for. */
export const OpenWithLongTimeline: Story = {
  render: (props) => <DevtoolsScene {...props} health={recovering} history="longOutage" />,
  play: async ({ canvas, userEvent }) => {
    const log = await canvas.findByRole('log');
    const lines = () => within(log).getAllByRole('listitem').length;
    await waitFor(() => expect(lines()).toBe(200));
    await expect(log.scrollTop + log.clientHeight).toBeGreaterThan(log.scrollHeight - 2);
    for (const name of ['Requests', 'Waits']) await userEvent.click(canvas.getByRole('button', { name }));
    await waitFor(() => expect(lines()).toBeLessThan(20));
    await userEvent.click(canvas.getByRole('button', { name: 'Waits' }));
    await waitFor(() => expect(lines()).toBe(200));
  },
};

/** What is broken stays broken until the button is pressed again. */
export const SimulatedOffline: Story = {
  play: async ({ canvas, userEvent }) => {
    const offline = await canvas.findByRole('button', { name: 'Offline' });
    await userEvent.click(offline);
    await expect(offline).toHaveAttribute('aria-pressed', 'true');
    await expect(navigator.onLine).toBe(false);
    await userEvent.click(offline);
    await expect(offline).toHaveAttribute('aria-pressed', 'false');
    await expect(navigator.onLine).toBe(true);
  },
};

/** A report for an issue: on the clipboard, or, where that is refused, in a box to copy it from. */
export const Report: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Copy report' }));
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent(/opied/));
    const box = canvas.queryByRole<HTMLTextAreaElement>('textbox', { name: 'Report' });
    if (box) await expect(box.value).not.toMatch(/ada@example|Lovelace/);
  },
};

/** In a page that says `data-theme="dark"`. */
export const Dark: Story = {
  render: (props) => (
    <div data-theme="dark">
      <DevtoolsScene {...props} health={recovering} history="outage" />
    </div>
  ),
  play: async ({ canvas }) => {
    const panel = await canvas.findByRole('region', { name: 'Auth devtools' });
    await waitFor(() => expect(getComputedStyle(panel).backgroundColor).toBe('rgb(27, 27, 31)'));
  },
};

/** In a page that reads from right to left the corner is the other one; English stays English. */
export const RightToLeft: Story = {
  render: (props) => (
    <div dir="rtl">
      <DevtoolsScene {...props} />
    </div>
  ),
  play: async ({ canvas }) => {
    const panel = await canvas.findByRole('region', { name: 'Auth devtools' });
    await expect(getComputedStyle(panel).direction).toBe('ltr');
    await waitFor(() => expect(panel.getBoundingClientRect().left).toBeLessThan(20));
  },
};

/** In 280 px. */
export const Narrow: Story = {
  render: (props) => (
    // A transform makes it what `position: fixed` goes by.
    <div style={{ inlineSize: 280, transform: 'translate(0)' }}>
      <DevtoolsScene {...props} health={recovering} history="outage" />
    </div>
  ),
  play: async ({ canvas }) => {
    const panel = await canvas.findByRole('region', { name: 'Auth devtools' });
    await waitFor(() => expect(panel.getBoundingClientRect().width).toBeLessThanOrEqual(264));
    await expect(panel.scrollWidth).toBeLessThanOrEqual(panel.clientWidth);
  },
};
