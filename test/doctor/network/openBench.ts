import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
} from 'clerk-convex-emulators';
import { diagnose, type NetworkEvidence, type ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { createNodeWebhookHandler } from 'clerk-convex-resilience/webhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { gatherNetwork } from '../../../packages/clerk-convex-doctor/src/gather/network/gatherNetwork.ts';
import type { DoctorOptions, Step } from '../../../packages/clerk-convex-doctor/src/types.ts';
import {
  cleanProject,
  secretKey,
  webhookSecret,
  withDeployed,
  withEnv,
  withProviders,
  withWebhook,
} from '../../../packages/clerk-convex-resilience/src/diagnosis/checks/project/testProject.ts';
import { type Served, serveAnswer } from '../serveAnswer.ts';

export const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
export const hookPath = '/webhooks/clerk';
export const patience = { timeoutMs: 1500 };

export interface Asked extends Omit<Partial<DoctorOptions>, 'endpoints'> {
  readonly project?: ProjectEvidence;
  readonly endpoints?: DoctorOptions['endpoints'];
}

/** What is broken, what the question sees, and what the doctor says of it. */
export type Row = readonly [
  name: string,
  breakIt: () => Asked | Promise<Asked>,
  seen: { readonly [Part in keyof NetworkEvidence]?: unknown },
  codes: readonly string[],
];

/**
 * Every question to the network against a server that answers, and against the same one broken: emulators for the tests of a
 * file, as they were before each test. Nothing but this machine is asked: names that must not resolve end in `.invalid` (RFC 2606).
 */
export function openBench() {
  let clerk: ClerkEmulator;
  let otherClerk: ClerkEmulator;
  let convex: ConvexEmulator;
  let app: Served;
  let closed: string;
  const served: Served[] = [];

  beforeAll(async () => {
    [clerk, otherClerk, app, closed] = await Promise.all([
      createClerkEmulator({ secretKey }),
      createClerkEmulator({ secretKey }),
      serveAnswer(webhookHandler(webhookSecret)),
      closedPort(),
    ]);
    const env = { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer, CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret };
    convex = await createConvexEmulator({ dir: path('../../../examples/vite-app/convex'), env });
  }, 60_000);
  // A proxy of the machine that runs this is none of its concern.
  beforeAll(() => void vi.stubEnv('no_proxy', '*'));
  afterAll(() => void vi.unstubAllEnvs());
  afterAll(() => Promise.all([clerk, otherClerk, convex, app].map((each) => each?.close())));
  beforeEach(async () => {
    clerk.reset();
    await convex.reset();
  });
  afterEach(async () => {
    await Promise.all(served.splice(0).map((each) => each.close()));
  });

  /** A server until the test is over. */
  const listen = async (...args: Parameters<typeof serveAnswer>): Promise<Served> => {
    const each = await serveAnswer(...args);
    served.push(each);
    return each;
  };
  const serve = async (...args: Parameters<typeof serveAnswer>): Promise<string> => (await listen(...args)).url;
  const page = (status: number, headers: Record<string, string> = {}) =>
    serve((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<h1>Welcome to the hotel</h1>');
    });

  /** Something else, that speaks JSON too. */
  const json = () =>
    serve((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"login":"here"}');
    });

  /** A project whose files are right, on the emulators. */
  function project(): ProjectEvidence {
    const variables = {
      CONVEX_DEPLOYMENT: undefined,
      VITE_CONVEX_URL: convex.url,
      CONVEX_SITE_URL: convex.siteUrl,
      VITE_CLERK_PUBLISHABLE_KEY: clerk.publishableKey,
    };
    const withVariables = Object.entries(variables).reduce(
      (before, [name, value]) => withEnv(before, name, value),
      cleanProject(),
    );
    const deployed = withDeployed(withVariables, 'CLERK_JWT_ISSUER_DOMAIN', clerk.issuer);
    return withWebhook(withProviders(deployed, { domain: clerk.issuer }), { path: hookPath });
  }
  const withDomain = (domain: string) => withProviders(project(), { domain });
  const withConvex = (url: string) => withEnv(project(), 'VITE_CONVEX_URL', url);
  const withSite = (url: string) => withEnv(project(), 'CONVEX_SITE_URL', url);
  const inApp = (secretNames: readonly string[] = []) =>
    withWebhook(project(), { handlers: [{ at: 'api/clerk.ts:1', runsIn: 'app', secretNames }] });

  async function ask({ project: given = project(), endpoints, ...options }: Asked = {}) {
    const steps: Step[] = [];
    const network = await gatherNetwork(given, {
      root: '.',
      timeoutMs: 10_000,
      onStep: (step) => steps.push(step),
      ...options,
      endpoints: { backendApi: clerk.url, statusPage: clerk.url, ...endpoints },
    });
    // The files are right: what is wrong is what was asked.
    const codes = diagnose({ project: project(), network }).map(({ code }) => code);
    return { network, codes, steps };
  }

  const table = (rows: readonly Row[]) =>
    it.each(rows)('%s', async (_, breakIt, seen, expected) => {
      const { network, codes } = await ask(await breakIt());
      expect({ network, codes }).toMatchObject({ network: seen, codes: expected });
    });

  /** Breaks requests to Clerk's emulator. */
  const clerkSuffers =
    (match: string, action: Parameters<ClerkEmulator['faults']['add']>[0]['action'], options: Asked = {}) =>
    (): Asked => {
      clerk.faults.add({ match, action });
      return options;
    };
  const convexSuffers =
    (match: string, action: Parameters<ConvexEmulator['faults']['add']>[0]['action'], options: Asked = {}) =>
    (): Asked => {
      convex.faults.add({ match, action });
      return options;
    };

  return {
    get clerk() {
      return clerk;
    },
    get otherClerk() {
      return otherClerk;
    },
    get convex() {
      return convex;
    },
    get app() {
      return app;
    },
    /** A port that nobody listens on. */
    get closed() {
      return closed;
    },
    listen,
    serve,
    page,
    json,
    project,
    withDomain,
    withConvex,
    withSite,
    inApp,
    ask,
    table,
    clerkSuffers,
    convexSuffers,
  };
}

/** The library's own handler, in an app. */
export function webhookHandler(secrets: string): RequestListener {
  const handle = createNodeWebhookHandler({ secrets, logger: null, on: {} });
  return (request, response) => void handle(request, response);
}

/** A port of this machine that nobody listens on. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
