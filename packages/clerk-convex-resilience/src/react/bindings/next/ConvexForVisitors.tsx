'use client';
import { ConvexProviderWithAuth, ConvexReactClient } from 'convex/react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { checkConvexUrl } from '../../../config/convexUrl.ts';
import { quietOnServer } from '../../quietOnServer.ts';

/**
 * Convex as a visitor has it, for an app whose Clerk is not configured: public queries are answered, and
 * `<Unauthenticated>` is rendered. Where the URL is missing too, queries load for ever and nothing is asked for.
 */
export function ConvexForVisitors({
  convexUrl,
  children,
}: {
  convexUrl: string | undefined;
  children: ReactNode;
}): ReactNode {
  const [client] = useState(() =>
    convexUrl === undefined || checkConvexUrl(convexUrl)
      ? new ConvexReactClient('https://unconfigured.invalid', { webSocketConstructor: NoSocket, ...quietOnServer() })
      : new ConvexReactClient(convexUrl, quietOnServer()),
  );
  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
      // Not at once: StrictMode mounts the same one again in the same turn.
      void Promise.resolve().then(() => (isMounted.current ? undefined : client.close()));
    };
  }, [client]);
  return (
    <ConvexProviderWithAuth client={client} useAuth={useNobody}>
      {children}
    </ConvexProviderWithAuth>
  );
}

const nobody = { isLoading: false, isAuthenticated: false, fetchAccessToken: () => Promise.resolve(null) };
const useNobody = (): typeof nobody => nobody;

/** A socket that neither opens nor closes: a page without a deployment has nowhere to connect to. */
const NoSocket = class extends EventTarget {
  readonly readyState = 0;
  send(): void {}
  close(): void {}
} as unknown as typeof WebSocket;
