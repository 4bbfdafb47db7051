import type { Meta, StoryObj } from '@storybook/react-vite';
import {
  AuthErrorHandler,
  type AuthErrorHandlerProps,
  type AuthFailure,
  type AuthHealth,
  type Finding,
} from 'clerk-convex-resilience';
import { expect } from 'storybook/test';
import { seen } from '../support/seen.ts';
import { aged, InState } from '../support/stateStory.tsx';
import { storyTime } from '../support/states.ts';

/** What a developer is told when the cause was found: what is wrong, what was seen and expected, and what to do. */
const meta = {
  title: 'AuthErrorHandler/Findings',
  component: AuthErrorHandler,
  args: { variant: 'inline', development: true, build: '1.4.2' },
} satisfies Meta<typeof AuthErrorHandler>;
export default meta;
type Story = StoryObj<AuthErrorHandlerProps>;

const noTemplate: Finding = {
  code: 'JWT_TEMPLATE_MISSING',
  severity: 'error',
  args: { frontendApi: 'happy-otter-12.clerk.accounts.dev' },
  docsUrl: 'https://unpkg.com/clerk-convex-resilience/dist/findings/JWT_TEMPLATE_MISSING.md',
};
const wrongIssuer: Finding = {
  code: 'TOKEN_ISSUER_WRONG',
  severity: 'error',
  args: { seen: 'https://happy-otter-12.clerk.accounts.dev', expected: 'https://clerk.example.com' },
  docsUrl: 'https://unpkg.com/clerk-convex-resilience/dist/findings/TOKEN_ISSUER_WRONG.md',
};

const failure: AuthFailure = { kind: 'misconfigured', retryable: false, source: 'clerk' };
const failures: { readonly [Code in Finding['code']]?: AuthFailure } = {
  JWT_TEMPLATE_MISSING: { ...failure, status: 404, code: 'resource_not_found' },
  TOKEN_ISSUER_WRONG: { ...failure, source: 'convex' },
};
const blockedBy = (finding: Finding): AuthHealth => ({
  status: 'blocked',
  failure: failures[finding.code] ?? failure,
  since: storyTime,
  findings: [finding],
});

const story = (finding: Finding, more: Partial<Story> = {}): Story => ({
  render: (props) => <InState key={finding.code} {...props} state="misconfigured" health={blockedBy(finding)} />,
  play: async ({ canvas, args }) => {
    await aged();
    if (args.development === false) {
      await seen(await canvas.findByText(new RegExp(`^${finding.code} `)));
      await expect(canvas.queryByRole('list')).toBeNull();
      return;
    }
    const link = await canvas.findByRole('link', { name: finding.code });
    await seen(link);
    await expect(link).toHaveAttribute('href', finding.docsUrl);
    await expect(canvas.getAllByRole('listitem').length).toBeGreaterThan(1);
  },
  ...more,
});

export const NoTemplate = story(noTemplate);
export const WrongIssuer = story(wrongIssuer);
export const InRussian = story(noTemplate, { globals: { language: 'ru' } });
export const InBengali = story(noTemplate, { globals: { language: 'bn' } });
export const InTheDark = story(wrongIssuer, { globals: { theme: 'dark' } });
/** On the narrowest screen, in the corner. */
export const Narrow = story(wrongIssuer, {
  args: { variant: 'toast', placement: 'bottom-end' },
  globals: { viewport: { value: 'narrow' } },
});
/** What everybody else sees of it. */
export const InProduction = story(wrongIssuer, { args: { development: false } });
