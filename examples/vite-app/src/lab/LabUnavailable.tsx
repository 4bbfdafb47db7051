export const LabUnavailable = () => (
  <main className="setup">
    <h1>The lab needs the emulators</h1>
    <p>
      Its faults are made by emulators of Clerk and Convex. Start them with <code>npm run demo</code>, without{' '}
      <code>VITE_CLERK_PUBLISHABLE_KEY</code> and <code>VITE_CONVEX_URL</code> in the environment.
    </p>
  </main>
);
