import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect } from 'storybook/test';
// It is no export: `ClerkConfigGuard` of `./next` renders it, in a server component.
import { ConfigBanner } from '../../packages/clerk-convex-resilience/src/react/bindings/next/ConfigBanner.tsx';
import { configAdvice } from '../../packages/clerk-convex-resilience/src/react/bindings/next/configAdvice.ts';
import { AppPage } from '../support/AppPage.tsx';
import { seen } from '../support/seen.ts';

/** On top of a Next.js app while it is developed, where a setting is missing or wrong: for developers, in English. */
const meta = {
  title: 'ClerkConfigGuard/Banner',
  component: ConfigBanner,
  render: (props) => (
    <>
      <ConfigBanner {...props} />
      <AppPage />
    </>
  ),
  play: async ({ canvas, args: { advice } }) => {
    const banner = await canvas.findByRole('complementary', { name: 'Settings' });
    await seen(banner);
    await expect(getComputedStyle(banner).direction).toBe('ltr');
    for (const { code, docsUrl } of advice)
      await expect(canvas.getByRole('link', { name: code })).toHaveAttribute('href', docsUrl);
  },
} satisfies Meta<typeof ConfigBanner>;
export default meta;
type Story = StoryObj<typeof meta>;

const missing = [{ option: 'publishableKey', code: 'PUBLISHABLE_KEY_MISSING', message: '' }] as const;

export const OneSetting: Story = {
  args: { advice: configAdvice([], { publishableKey: undefined, convexUrl: undefined }) },
};
export const SeveralSettings: Story = {
  args: { advice: configAdvice(missing, { publishableKey: undefined, convexUrl: undefined }) },
};
