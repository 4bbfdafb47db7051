'use client';
import { ConvexReactClient } from 'convex/react';
import { type ComponentType, type ReactNode, useContext, useEffect, useInsertionEffect, useRef, useState } from 'react';
import { checkConvexUrl } from '../config/convexUrl.ts';
import { checkPublishableKey } from '../config/publishableKey.ts';
import type { ConfigProblem } from '../core/health.ts';
import type { ReportedFinding } from '../diagnosis/findings.ts';
import { BeforeClerk } from './BeforeClerk.tsx';
import { ClerkScriptsContext } from './ClerkScriptsContext.ts';
import { ConvexClerkProvider, type ConvexClerkProviderOptions } from './ConvexClerkProvider.tsx';
import type { ClerkLike, UseClerkAuth } from './clerkTypes.ts';
import { useOneReact } from './copies.ts';
import type { GivenSettings, SettingVariables } from './findingsOfProblems.ts';
import { isDevelopment } from './isDevelopment.ts';
import { DevelopmentContext, LocaleContext } from './LocaleContext.ts';
import { quietOnServer } from './quietOnServer.ts';
import { ConfigFindingsContext, ConfigProblemsContext } from './useAuthHealth.ts';

/** The exports of a Clerk package that an all-in-one provider is made of. */
export interface ClerkBinding<ClerkProps> {
  readonly ClerkProvider: ComponentType<ClerkProps>;
  readonly useAuth: UseClerkAuth;
  readonly useClerk: () => ClerkLike;
  /** Variables that apps with this package have the settings in. @defaultValue Vite's, and findings by the prop's name */
  readonly variables?: SettingVariables;
}

interface OwnProps extends ConvexClerkProviderOptions {
  /** Clerk's publishable key, usually from the environment. */
  readonly publishableKey: string | undefined;
  /** URL of the Convex deployment, usually from the environment. Not needed when `client` is given. */
  readonly convexUrl?: string | undefined;
  /** A Convex client of the app's own making. @defaultValue one that is made for `convexUrl` */
  readonly client?: ConvexReactClient | undefined;
  /**
   * What to render when the key or the URL is missing or malformed; a function gets what is wrong. Under it
   * `useAuthHealth()` is `unconfigured`. The problems are printed to the console besides, in production their codes alone.
   * @defaultValue nothing
   */
  readonly fallback?: ReactNode | ((problems: readonly ConfigProblem[]) => ReactNode);
  readonly children?: ReactNode;
}

/** Props of an all-in-one provider: its own, and every prop of that Clerk package's `ClerkProvider`. */
export type BoundProviderProps<ClerkProps> = OwnProps & Omit<ClerkProps, keyof OwnProps>;

/**
 * How long Clerk waits for its scripts before it gives up for good, in milliseconds: the longest that a timer can. Its
 * loader takes it from the props though their types do not name it (15 s; loadClerkJsScript, @clerk/shared 3.48 and 4.41).
 */
const scriptLoadTimeout = 2 ** 31 - 1;

/** Renders Clerk's provider and `ConvexClerkProvider` in it, or the fallback. Never throws for a key or a URL. */
export function BoundProvider<ClerkProps extends object>({
  binding,
  props,
}: {
  binding: ClerkBinding<ClerkProps>;
  props: BoundProviderProps<ClerkProps>;
}): ReactNode {
  const {
    publishableKey,
    convexUrl,
    client,
    fallback,
    children,
    policy,
    guardRequests,
    onEvent,
    logger,
    debug,
    locale,
    development,
    ...clerkProps
  } = props;
  useOneReact({ onEvent, logger, development });
  const { variables } = binding;
  const problems = [
    checkPublishableKey(publishableKey, variables?.publishableKey),
    client ? null : checkConvexUrl(convexUrl, variables?.convexUrl),
  ]
    .filter((problem) => problem !== null)
    // Anybody may see what the app shows of them.
    .map((problem) => ((development ?? isDevelopment()) ? problem : { ...problem, message: problem.code ?? '' }));
  if (problems.length > 0) {
    return (
      <Unconfigured problems={problems} given={{ publishableKey, convexUrl, variables }} development={development}>
        <LocaleContext.Provider value={locale}>
          <DevelopmentContext.Provider value={development}>
            {typeof fallback === 'function' ? fallback(problems) : fallback}
          </DevelopmentContext.Provider>
        </LocaleContext.Provider>
      </Unconfigured>
    );
  }
  const { ClerkProvider } = binding;
  // What is left of the props is Clerk's own: TypeScript cannot see it through the generic.
  const rest = { scriptLoadTimeout, ...clerkProps } as unknown as ClerkProps;
  const { __internal_clerkUIUrl: uiUrl } = clerkProps as { readonly __internal_clerkUIUrl?: string };
  const options = { policy, guardRequests, onEvent, logger, debug, locale, development };
  return (
    <BeforeClerk options={options} uiUrl={uiUrl}>
      <ClerkProvider {...rest} publishableKey={publishableKey}>
        <ConvexInClerk binding={binding} options={options} client={client} convexUrl={convexUrl}>
          {children}
        </ConvexInClerk>
      </ClerkProvider>
    </BeforeClerk>
  );
}

/** What stands in for an app that cannot be started: says once what is missing, and has it named. */
function Unconfigured({
  problems,
  given,
  development,
  children,
}: {
  problems: readonly ConfigProblem[];
  given: GivenSettings;
  development: boolean | undefined;
  children: ReactNode;
}): ReactNode {
  const summary = problems
    .map(({ code = '', message }) => (message === code ? code : `${code}: ${message}`)) // in production the code alone
    .join('\n');
  const said = useRef('');
  const latest = useRef({ problems, given, development });
  useEffect(() => {
    latest.current = { problems, given, development };
  });
  const [findings, setFindings] = useState<readonly ReportedFinding[]>();
  useEffect(() => {
    // StrictMode mounts twice, and another problem may have been mended.
    const before = said.current.split('\n');
    const news = summary.split('\n').filter((line) => !before.includes(line));
    said.current = summary;
    if (news.length > 0) console.error(`[clerk-convex-resilience] ${news.join('\n')}`);
    void import('./findingsOfProblems.ts')
      .then(({ reportProblems }) => {
        const { problems: now, ...more } = latest.current;
        setFindings(reportProblems(now, more.given, more.development));
      })
      .catch(() => {}); // the problems are there without it
  }, [summary]);
  return (
    <ConfigProblemsContext.Provider value={problems}>
      <ConfigFindingsContext.Provider value={findings}>{children}</ConfigFindingsContext.Provider>
    </ConfigProblemsContext.Provider>
  );
}

function ConvexInClerk({
  binding,
  options,
  client,
  convexUrl,
  children,
}: {
  binding: Pick<ClerkBinding<never>, 'useAuth' | 'useClerk'>;
  options: ConvexClerkProviderOptions;
  client: ConvexReactClient | undefined;
  convexUrl: string | undefined;
  children: ReactNode;
}): ReactNode {
  const [made, setMade] = useState(() => ({ convexUrl, client: client ? null : makeClient(convexUrl) }));
  let used = client ?? made.client;
  if (!used || (!client && made.convexUrl !== convexUrl)) {
    used = makeClient(convexUrl);
    setMade({ convexUrl, client: used });
  }
  // The app has one of its own now: what was made is closed with that, and no good should it be taken away.
  if (client && made.client) setMade({ convexUrl, client: null });
  const ours = client ? null : used;
  // `<Activity>` undoes the effects of what it hides, and shows the same client again: only the first kind stays until it is unmounted.
  // But that is undone before what is below has let go of the client, and the second after it.
  useInsertionEffect(() => hold(ours), [ours]);
  useEffect(() => hold(ours), [ours]);
  const clerk = binding.useClerk();
  const scripts = useContext(ClerkScriptsContext);
  // A ClerkProvider that is mounted again finds clerk-js there, and `useClerk` renders nobody anew when it has (@clerk/clerk-react 5.61).
  binding.useAuth();
  const isLoaded = clerk.loaded === true;
  useEffect(() => {
    if (isLoaded) scripts?.onLoaded();
  }, [isLoaded, scripts]);
  return (
    <ConvexClerkProvider {...options} client={used} useAuth={binding.useAuth} clerk={clerk}>
      {children}
    </ConvexClerkProvider>
  );
}

/** How many effects hold a client that was made here. */
const holds = /* @__PURE__ */ new WeakMap<ConvexReactClient, number>();
/** Made here, so closed here, when the last hold is given back. Returns its own undo. */
function hold(made: ConvexReactClient | null): (() => void) | undefined {
  if (!made) return undefined;
  const count = (by: number): number => {
    const now = (holds.get(made) ?? 0) + by;
    holds.set(made, now);
    return now;
  };
  count(1);
  return () => {
    // Not at once: what is below lets go of it in the same turn, and may be mounted again in it.
    if (count(-1) === 0) void Promise.resolve().then(() => (count(0) === 0 ? made.close() : undefined));
  };
}

/**
 * Opens nothing yet: the client connects when it is first used. One Authenticate at load instead of two (convex 1.48). Not
 * `expectAuth`: it would hold a visitor's queries until somebody signs in; the façade holds them where there may be a user.
 */
const makeClient = (url = ''): ConvexReactClient =>
  new ConvexReactClient(url, { initialAuthTokenReuse: true, ...quietOnServer() });
