import { useConvexAuth, useConvexConnectionState } from 'convex/react';
import { useEffect, useEffectEvent } from 'react';
import { useAuth, useClerk } from '../../clerk.ts';
import type { FrameOrder, FrameReport, FrameState, LabSettings, Seen, Side } from '../protocol.ts';
import { setOnline } from './setOnline.ts';

export interface ProbeOptions {
  side: Side;
  lab: LabSettings;
  /** What the app says about the session besides what Convex knows. */
  notice: 'refreshing' | 'blocked' | undefined;
  signOut: () => Promise<unknown> | undefined;
}

/** Tells the lab what this frame's user sees, and does what the lab orders. */
export function useProbe({ side, lab, notice, signOut }: ProbeOptions): void {
  const { isLoading, isAuthenticated, isRefreshing } = useConvexAuth();
  const connected = useConvexConnectionState().isWebSocketConnected;
  const sessionId = useAuth().sessionId ?? null;
  const clerk = useClerk();

  const seen: Seen = isLoading
    ? 'loading'
    : !isAuthenticated
      ? 'signed_out'
      : (notice ?? (isRefreshing ? 'refreshing' : 'signed_in'));

  useEffect(() => report(side, { seen, connected, sessionId }), [side, seen, connected, sessionId]);

  const obey = useEffectEvent(async (event: MessageEvent<FrameOrder>) => {
    if (event.source !== parent || event.data?.kind !== 'lab_order') return;
    switch (event.data.command) {
      case 'sign_in': {
        const attempt = await clerk.client?.signIn.create({
          strategy: 'password',
          identifier: lab.email,
          password: lab.password,
        });
        return clerk.setActive({ session: attempt?.createdSessionId ?? null });
      }
      case 'sign_out':
        return signOut();
      case 'reload':
        return location.reload();
      case 'offline':
        return setOnline(false);
      case 'online':
        return setOnline(true);
    }
  });

  useEffect(() => {
    const onMessage = (event: MessageEvent<FrameOrder>) => {
      obey(event).catch((error: unknown) => console.warn('The lab’s order failed.', error));
    };
    const onPageHide = () => report(side, { seen: 'reloading', connected: false, sessionId: null });
    addEventListener('message', onMessage);
    addEventListener('pagehide', onPageHide);
    return () => {
      removeEventListener('message', onMessage);
      removeEventListener('pagehide', onPageHide);
    };
  }, [side]);
}

function report(side: Side, state: FrameState): void {
  const message: FrameReport = { kind: 'lab_report', side, at: Date.now(), state };
  // Its own origin differs from the lab's by the first label of the host.
  parent.postMessage(message, location.origin.replace(`//${side}.`, '//'));
}
