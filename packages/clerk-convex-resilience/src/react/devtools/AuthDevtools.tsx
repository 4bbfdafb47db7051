'use client';
import { useConvex } from 'convex/react';
import {
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useInsertionEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { systemClock } from '../../core/clock.ts';
import { browserConnectivity } from '../../core/connectivity.ts';
import { AuthRuntimeContext } from '../AuthRuntimeContext.ts';
import { ClerkScriptsContext } from '../ClerkScriptsContext.ts';
import type { ConvexClientLike } from '../convexTypes.ts';
import { useHealthView } from '../useAuthHealth.ts';
import { createFaults } from './createFaults.ts';
import { createTimeline } from './createTimeline.ts';
import { DevtoolsPanel } from './DevtoolsPanel.tsx';
import { browserDevtoolsPage } from './devtoolsPage.ts';
import { devtoolsStyles } from './devtoolsStyles.ts';
import { watchAuth } from './watchAuth.ts';

export interface AuthDevtoolsProps {
  /** Whether the panel is open when it is first shown. @defaultValue false */
  readonly initialIsOpen?: boolean | undefined;
  /** The corner of the page that it stands in. @defaultValue 'bottom-end' */
  readonly placement?: 'top-start' | 'top-end' | 'bottom-start' | 'bottom-end' | undefined;
}

const never = (): (() => void) => () => {};

/**
 * A panel for development, anywhere below the provider: what the sign-in is doing, what has happened, what the token says
 * (never the token), and buttons that break the network of this tab. A button in a corner opens it. In English only.
 *
 * Import it in development alone: it watches the page from the moment that it is mounted, and what it breaks is really
 * broken, in this tab and until it is mended or unmounted. A server renders nothing of it.
 * @throws AuthResilienceError `missing_provider` when there is no provider of this library above
 */
export function AuthDevtools(props: AuthDevtoolsProps): ReactNode {
  const isOnServer = useSyncExternalStore(
    never,
    () => false,
    () => true,
  );
  const tools = useTools();
  return isOnServer ? null : <Corner {...props} tools={tools} />;
}

export type DevtoolsParts = ReturnType<typeof useTools>;

function useTools() {
  const view = useContext(AuthRuntimeContext);
  const scripts = useContext(ClerkScriptsContext);
  const client = useConvex() as ConvexClientLike | undefined;
  const health = useHealthView('AuthDevtools was rendered');
  const tools = useMemo(() => {
    const clock = view?.clock ?? systemClock;
    const connectivity = browserConnectivity();
    const page = browserDevtoolsPage();
    const faults = createFaults({
      wire: () => view?.inspect().guard?.wire ?? globalThis,
      client,
      page,
      baseUrl: connectivity.baseUrl,
    });
    return { view, scripts, client, health, clock, connectivity, page, faults, timeline: createTimeline(clock) };
  }, [view, scripts, client, health]);
  // Before the effects of the provider above, which are the first to tell of anything.
  useInsertionEffect(() => {
    const { view, scripts, client, connectivity, page, timeline } = tools;
    return view ? watchAuth({ view, scripts, client, connectivity, page, timeline }) : undefined;
  }, [tools]);
  useInsertionEffect(() => tools.page.adoptStyles(devtoolsStyles), [tools]);
  useEffect(() => () => tools.faults.set(null), [tools]);
  return tools;
}

function Corner({
  initialIsOpen = false,
  placement = 'bottom-end',
  tools,
}: AuthDevtoolsProps & { readonly tools: DevtoolsParts }): ReactNode {
  const [isOpen, setOpen] = useState(initialIsOpen);
  const [wasAsked, setAsked] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const id = useId();
  const { health } = tools;
  const status = useSyncExternalStore(
    health.subscribe,
    () => health.health().status,
    () => health.atFirst.status,
  );
  // One that is open from the start takes no focus: nobody asked for it.
  useEffect(() => {
    if (isOpen && wasAsked) panel.current?.focus();
  }, [isOpen, wasAsked]);
  const close = (): void => {
    setOpen(false);
    toggle.current?.focus();
  };
  return (
    <div className="ccr-dt" data-placement={placement}>
      {isOpen && (
        <section
          ref={panel}
          id={id}
          className="ccr-dt-panel"
          aria-label="Auth devtools"
          tabIndex={-1}
          lang="en"
          dir="ltr"
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            close();
          }}
        >
          <DevtoolsPanel tools={tools} onClose={close} />
        </section>
      )}
      <button
        ref={toggle}
        type="button"
        className="ccr-dt-toggle"
        lang="en"
        dir="ltr"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => {
          setAsked(true);
          setOpen(!isOpen);
        }}
      >
        Auth: {status.replaceAll('_', ' ')}
      </button>
    </div>
  );
}
