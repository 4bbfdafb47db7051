import { ConvexReactClient } from 'convex/react';
import { ConvexProviderWithClerk } from 'convex/react-clerk';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { api } from '../../../convex/_generated/api';
import { App } from '../../App.tsx';
import { ClerkProvider, ConvexClerkProvider, scriptsBehind, UserSync, useAuth } from '../../clerk.ts';
import { clerkAppearance } from '../../clerkAppearance.ts';
import { SessionControls } from '../../SessionControls.tsx';
import { type LabSettings, readLabSettings, type Side } from '../protocol.ts';
import { OursProbe } from './OursProbe.tsx';
import { PlainControls } from './PlainControls.tsx';
import { PlainProbe } from './PlainProbe.tsx';
import { StoreUser } from './StoreUser.tsx';
import '../../app.css';
import './frame.css';

const side: Side = new URLSearchParams(location.search).get('side') === 'plain' ? 'plain' : 'ours';

/** The app with Convex's own provider: as its documentation has it. */
function Plain({ lab }: { lab: LabSettings }) {
  const { publishableKey, proxyUrl } = lab.sides.plain;
  return (
    <ClerkProvider
      publishableKey={publishableKey}
      proxyUrl={proxyUrl}
      {...scriptsBehind(proxyUrl)}
      appearance={clerkAppearance}
      telemetry={false}
      afterSignOutUrl={location.href}
    >
      <ConvexProviderWithClerk client={plainClient(lab)} useAuth={useAuth}>
        <App controls={<PlainControls />} />
        <StoreUser />
        <PlainProbe lab={lab} />
      </ConvexProviderWithClerk>
    </ClerkProvider>
  );
}

let client: ConvexReactClient | undefined;
const plainClient = (lab: LabSettings) => {
  client ??= new ConvexReactClient(lab.sides.plain.convexUrl);
  return client;
};

/** The same app with this library. */
const Ours = ({ lab }: { lab: LabSettings }) => (
  <ConvexClerkProvider
    {...lab.sides.ours}
    {...scriptsBehind(lab.sides.ours.proxyUrl)}
    appearance={clerkAppearance}
    telemetry={false}
    afterSignOutUrl={location.href}
    // Every event in the console, for whoever opens it.
    debug
  >
    <UserSync mutation={api.users.store}>
      <App controls={<SessionControls />} />
    </UserSync>
    <OursProbe lab={lab} />
  </ConvexClerkProvider>
);

const lab = readLabSettings();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    {lab ? side === 'plain' ? <Plain lab={lab} /> : <Ours lab={lab} /> : <p>This page is a part of /lab.</p>}
  </StrictMode>,
);
