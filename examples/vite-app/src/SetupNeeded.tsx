import type { ConfigProblem } from 'clerk-convex-resilience';

const variables: Record<string, string> = {
  publishableKey: 'VITE_CLERK_PUBLISHABLE_KEY',
  convexUrl: 'VITE_CONVEX_URL',
};

/** Instead of the app, when it does not know which Clerk and which Convex to talk to. */
export const SetupNeeded = ({ problems }: { problems: readonly ConfigProblem[] }) => (
  <main className="setup" data-testid="setup-needed">
    <h1>A setting is missing, then it runs</h1>
    <p>
      Put it into <code>examples/vite-app/.env.local</code> and start the dev server again. Or run{' '}
      <code>npm run demo</code> in the top folder, which brings emulators of Clerk and Convex and needs no account.
    </p>
    <dl>
      {problems.map(({ option, message }) => (
        <div key={option}>
          <dt>
            <code>{variables[option] ?? option}</code>
          </dt>
          <dd>{message}</dd>
        </div>
      ))}
    </dl>
  </main>
);
