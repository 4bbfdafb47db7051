import type { Meta, StoryObj } from '@storybook/react-vite';
import {
  AuthErrorHandler,
  type AuthErrorHandlerProps,
  ConvexClerkProvider,
  useAuthHealth,
} from 'clerk-convex-resilience';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { expect } from 'storybook/test';
import { AppPage } from '../support/AppPage.tsx';
import { messagesOf } from '../support/languages.ts';
import { seen } from '../support/seen.ts';
import { breakages, createLab, type Lab } from './createLab.ts';
import type { LabAuth } from './createLabClerk.ts';

/**
 * Break the network, and see what a user sees. The provider, its guard and its token machine are the library's own, Convex's
 * client is Convex's, on the real clock; Clerk, Convex and the network between are made in this page.
 */
const meta = {
  title: 'Network lab',
  component: AuthErrorHandler,
  args: { development: false, showAfterMs: 2_000 },
} satisfies Meta<typeof AuthErrorHandler>;
export default meta;

const names = { online: 'Mend', offline: 'Offline', http_500: 'Answer 500', busy_429: 'Answer 429', hang: 'Hang' };

const LabContext = createContext<Lab | null>(null);
/** In the place of Clerk's hook. */
function useLabAuth(): LabAuth {
  const { clerk } = useContext(LabContext) as Lab;
  return useSyncExternalStore(clerk.subscribe, clerk.auth);
}

function LabPage(props: AuthErrorHandlerProps): ReactNode {
  const [lab] = useState(createLab);
  const log = useSyncExternalStore(lab.subscribe, () => lab.log);
  const current = useSyncExternalStore(lab.subscribe, () => lab.breakage);
  // The guard of the provider is put over the page's network, which has to be there by then.
  const [isStarted, setStarted] = useState(false);
  useEffect(() => {
    const stop = lab.start();
    // eslint-disable-next-line react-hooks/set-state-in-effect -- what was put in place is an effect: only now may the provider follow
    setStarted(true);
    return stop;
  }, [lab]);
  if (!isStarted) return null;
  return (
    <LabContext value={lab}>
      <ConvexClerkProvider client={lab.client} useAuth={useLabAuth} clerk={lab.clerk.clerk} onEvent={lab.onEvent}>
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
                aria-pressed={how === current}
                onClick={() => lab.break(how)}
                style={{
                  font: 'inherit',
                  padding: '0.25rem 0.75rem',
                  color: 'inherit',
                  background: 'light-dark(#fff, #212126)',
                  border: `1px solid ${how === current ? 'currentColor' : 'light-dark(#d9d9de, #43434c)'}`,
                  borderRadius: '0.375rem',
                  boxShadow: how === current ? 'inset 0 0 0 1px currentColor' : 'none',
                }}
              >
                {names[how]}
              </button>
            ))}
          </fieldset>
          <Health />
          <ol
            reversed
            aria-label="What happened"
            style={{ font: '0.8125rem / 1.5 ui-monospace, monospace', minHeight: '18em' }}
          >
            {log.map(({ id, text }) => (
              <li key={id} value={id}>
                {text}
              </li>
            ))}
          </ol>
        </AppPage>
      </ConvexClerkProvider>
    </LabContext>
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
  render: (props) => <LabPage {...props} />,
  play: async ({ canvas }) => {
    await canvas.findByText('healthy');
    const pressed = canvas.getAllByRole('button', { pressed: true });
    await expect(pressed.map(({ textContent }) => textContent)).toEqual([names.online]);
  },
};

/** The same, played: a test, and not in the list, where it would mend what a designer has just broken. */
export const BrokenAndMended: StoryObj<AuthErrorHandlerProps> = {
  ...NetworkLab,
  tags: ['!dev'],
  play: async ({ canvas, userEvent, globals }) => {
    const texts = messagesOf(globals.language);
    const press = async (name: string) => userEvent.click(await canvas.findByRole('button', { name }));
    const shows = async (text: string) => seen(await canvas.findByText(text, {}, { timeout: 20_000 })); // only a failure takes that long
    await shows('healthy');
    await press('Offline');
    await shows(texts.offline);
    await press('Mend');
    await shows(texts.back_online);
    await press('Answer 500');
    await shows(texts.clerk_unreachable);
    await shows('recovering');
    await press('Mend');
    await shows(texts.back_online);
    await shows('healthy');
  },
};
