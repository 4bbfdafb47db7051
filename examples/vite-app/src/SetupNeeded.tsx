const { VITE_CLERK_PUBLISHABLE_KEY, VITE_CONVEX_URL } = import.meta.env;

const settings = [
  {
    name: 'VITE_CLERK_PUBLISHABLE_KEY',
    value: VITE_CLERK_PUBLISHABLE_KEY,
    where: 'Clerk dashboard, “API keys”. It starts with pk_test_ or pk_live_.',
  },
  { name: 'VITE_CONVEX_URL', value: VITE_CONVEX_URL, where: 'Printed by npx convex dev. It starts with https://.' },
];

/** Instead of the app, when it does not know which Clerk and which Convex to talk to. */
export function SetupNeeded() {
  return (
    <main className="setup" data-testid="setup-needed">
      <h1>Two settings, then it runs</h1>
      <p>
        Put them into <code>examples/vite-app/.env.local</code> and start the dev server again. Or run{' '}
        <code>npm run demo</code> in the top folder, which brings emulators of both and needs no account.
      </p>
      <dl>
        {settings.map(({ name, value, where }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
              <span className={`tag ${value ? '' : 'tag-bad'}`}>{value ? 'set: check its form' : 'not set'}</span>
            </dt>
            <dd>{where}</dd>
          </div>
        ))}
      </dl>
    </main>
  );
}
