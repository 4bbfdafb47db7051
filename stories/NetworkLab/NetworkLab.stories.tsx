import type { Meta, StoryObj } from '@storybook/react-vite';
import { AuthErrorHandler, type AuthErrorHandlerProps, useAuthHealth } from 'clerk-convex-resilience';
import { ScriptedAuthProvider } from 'clerk-convex-resilience/testing';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { AppPage } from '../support/AppPage.tsx';
import { messagesOf } from '../support/languages.ts';
import { seen } from '../support/seen.ts';
import { breakages, createLab } from './createLab.ts';

/** Break the network, and see what a user sees. The retries are the library's own, on the real clock. */
const meta = {
  title: 'Network lab',
  component: AuthErrorHandler,
  args: { development: false, showAfterMs: 2_000 },
} satisfies Meta<typeof AuthErrorHandler>;
export default meta;

const names = { online: 'Mend', offline: 'Offline', http_500: 'Answer 500', busy_429: 'Answer 429', hang: 'Hang' };

function Lab(props: AuthErrorHandlerProps): ReactNode {
  const [lab] = useState(createLab);
  const log = useSyncExternalStore(lab.subscribe, () => lab.log);
  useEffect(() => lab.start(), [lab]);
  return (
    <ScriptedAuthProvider auth={lab.auth}>
      <AuthErrorHandler {...props} />
      <AppPage>
        <fieldset
          aria-label="The network"
          style={{ border: 0, padding: 0, margin: 0, display: 'flex', flexWrap: 'wrap', gap: '0.5rem' }}
        >
          {breakages.map((how) => (
            <button
              key={how}
              type="button"
              onClick={() => lab.break(how)}
              style={{
                font: 'inherit',
                padding: '0.25rem 0.75rem',
                color: 'inherit',
                background: 'light-dark(#fff, #212126)',
                border: '1px solid light-dark(#d9d9de, #43434c)',
                borderRadius: '0.375rem',
              }}
            >
              {names[how]}
            </button>
          ))}
        </fieldset>
        <Health />
        <ol aria-label="What happened" style={{ font: '0.8125rem / 1.5 ui-monospace, monospace', minHeight: '18em' }}>
          {log.map(({ id, text }) => (
            <li key={id}>{text}</li>
          ))}
        </ol>
      </AppPage>
    </ScriptedAuthProvider>
  );
}

function Health(): ReactNode {
  const status = useAuthHealth(({ status }) => status);
  return (
    <p>
      Health: <strong>{status}</strong>
    </p>
  );
}

export const NetworkLab: StoryObj<AuthErrorHandlerProps> = {
  args: { showAfterMs: 200, placement: 'bottom' },
  render: (props) => <Lab {...props} />,
  play: async ({ canvas, userEvent, globals }) => {
    const texts = messagesOf(globals.language);
    await userEvent.click(canvas.getByRole('button', { name: 'Offline' }));
    await seen(await canvas.findByText(texts.offline));
    await seen(canvas.getByText('recovering'));
    await userEvent.click(canvas.getByRole('button', { name: 'Mend' }));
    await seen(await canvas.findByText(texts.back_online));
    await seen(canvas.getByText('healthy'));
  },
};
