import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { EmulatorError } from '../errors.ts';
import { applyHttpFault, type HttpFaultTarget } from '../faults/applyHttpFault.ts';
import { createFaultPlan } from '../faults/createFaultPlan.ts';
import { echoOrigin } from '../faults/echoOrigin.ts';
import { readRequestLine } from '../faults/requestLine.ts';
import { keepNewest } from '../keepNewest.ts';
import type { RequestLogEntry } from '../requestLog.ts';
import { listenOn } from '../wire/listenOn.ts';
import { unknownShape } from './addUnknownFields.ts';
import { createBrowser } from './browser.ts';
import { clerkStatusBody } from './clerkApiError.ts';
import type { ClerkContext, ClerkEnv } from './clerkContext.ts';
import { type ClerkState, createClerkState } from './clerkState.ts';
import { createClerkApp } from './createClerkApp.ts';
import { createControlApp } from './createControlApp.ts';
import { userImageUrl } from './json/userJson.ts';
import { cookieSuffix, toPublishableKey } from './publishableKey.ts';
import { readClerkOptions, readRuntimeOptions } from './readClerkOptions.ts';
import { createTokenMinter } from './tokens.ts';
import { toWebhookEvent } from './toWebhookEvent.ts';
import type {
  ClerkEmulator,
  ClerkEmulatorOptions,
  ClerkProviderProps5,
  ClerkProviderProps6,
  SeededBrowser,
} from './types.ts';
import { createWebhookSender } from './webhooks.ts';

/**
 * Starts an emulator of Clerk's Frontend API (and of the part of the Backend API that tools ask) on the loopback interface.
 * Throws `EmulatorError`: `invalid_option` naming the option, `port_taken` naming the port.
 */
export async function createClerkEmulator(options: ClerkEmulatorOptions = {}): Promise<ClerkEmulator> {
  const settings = readClerkOptions(options);
  let runtime = settings.runtime;
  const now = () => Date.now() + runtime.clockSkewSeconds * 1000;
  const log: RequestLogEntry[] = [];
  const sockets = new Set<Socket>();
  const suffering = new Set<ServerResponse>();

  const server = http.createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const webhooks = createWebhookSender({ ...settings.webhooks, now });
  const state: ClerkState = createClerkState({
    users: settings.users,
    organizations: settings.organizations,
    forceOrganizationSelection: settings.forceOrganizationSelection,
    now,
    onChange: (change) => webhooks.emit(toWebhookEvent(change, context)),
  });
  const issuer = () => runtime.issuer ?? context.url;
  const tokens = await createTokenMinter({
    state: () => state,
    settings: () => runtime,
    issuer,
    imageUrl: (userId) => userImageUrl(context.url, userId),
    now,
  });
  const url = await listenOn(server, settings);
  const context: ClerkContext = { state, url, tokens, now, settings, runtime: () => runtime, issuer };
  const publishableKey = toPublishableKey(url);
  const faults = createFaultPlan({ server: 'clerk' });

  const target: HttpFaultTarget = {
    errorBody: clerkStatusBody,
    corsHeaders: (request) => ({
      ...echoOrigin(request),
      'access-control-expose-headers': `Authorization, Clerk-Db-Jwt${runtime.exposeHeaders ? ', Retry-After, Date' : ''}`,
    }),
  };
  const bindings = new WeakMap<object, ClerkEnv['Bindings']>();
  const app = createClerkApp(context);
  const answerApi = getRequestListener(
    (request, env) => app.fetch(request, { ...env, ...bindings.get(env.incoming) }),
    { overrideGlobalObjects: false },
  );

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A page that reaches the emulator through its own origin asks under Clerk's usual proxy path.
    request.url = (request.url ?? '/').replace(/^\/__clerk(?=\/)/, '');
    if (request.url.startsWith('/__emulator')) return answerControl(request, response);
    const { method, path } = readRequestLine(request);
    response.setHeader('date', new Date(now()).toUTCString());
    if (request.method === 'OPTIONS') return answerPreflight(request, response, target);

    const browser = createBrowser(request, response, state);
    const client = browser.client();
    const entry: RequestLogEntry = { at: Date.now(), method, path, ...(client ? { client: client.id } : {}) };
    keepNewest(log, entry);
    response.once('finish', () => {
      entry.status = response.statusCode;
    });

    const fault = faults.take(`${method} ${path}`);
    if (fault) {
      entry.fault = fault.type;
      suffering.add(response);
      response.once('close', () => suffering.delete(response));
      if ((await applyHttpFault(fault, request, response, target)) === 'answered') return;
    }
    for (const [name, value] of Object.entries(target.corsHeaders(request))) response.setHeader(name, value);
    if (fault?.type === 'unknown_shape') {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(unknownShape));
      return;
    }
    request.method = method;
    bindings.set(request, { browser, fault });
    await answerApi(request, response);
  }

  function providerProps(major: 5): ClerkProviderProps5;
  function providerProps(major: 6): ClerkProviderProps6;
  function providerProps(major: 5 | 6): ClerkProviderProps5 | ClerkProviderProps6 {
    const clerkJs = `${url}/npm/@clerk/clerk-js@${major}/dist/clerk.browser.js`;
    const common = { publishableKey, proxyUrl: url };
    if (major === 5) return { ...common, clerkJSUrl: clerkJs };
    return {
      ...common,
      __internal_clerkJSUrl: clerkJs,
      __internal_clerkUIUrl: `${url}/npm/@clerk/ui@1/dist/ui.browser.js`,
    };
  }

  const emulator: ClerkEmulator = {
    url,
    publishableKey,
    secretKey: settings.secretKey,
    get issuer() {
      return issuer();
    },
    jwks: { keys: tokens.jwks.keys.map((key) => ({ ...key })) },
    log,
    faults,
    webhooks,
    providerProps,
    signInBrowser(user, { appHost, clientId } = {}): SeededBrowser {
      const client = clientId === undefined ? state.createClient() : state.clientOfId(clientId);
      if (!client) {
        throw new EmulatorError(
          'unknown_client',
          `There is no browser "${clientId}"; use the \`clientId\` of signInBrowser(), or leave it out for a new one.`,
        );
      }
      const session = state.createSession(client, state.userOrThrow(user));
      const { hostname } = new URL(url);
      // A page may know the emulator by either name of the loopback interface, and a cookie belongs to one.
      const hosts = loopback.includes(hostname) ? loopback : [hostname];
      const uat = { value: String(Math.floor(now() / 1000)), path: '/', httpOnly: false };
      return {
        userId: session.user.id,
        sessionId: session.id,
        clientId: client.id,
        cookies: [
          ...hosts.map((domain) => ({ name: '__client', value: client.cookie, domain, path: '/', httpOnly: true })),
          ...(appHost ? [appHost] : hosts).flatMap((domain) => [
            { ...uat, domain, name: '__client_uat' },
            { ...uat, domain, name: `__client_uat_${cookieSuffix(publishableKey)}` },
          ]),
        ],
      };
    },
    createSignInTicket: (user) => state.createTicket(state.userOrThrow(user)),
    revokeSession: (sessionId) => state.endSession(state.sessionOrThrow(sessionId), 'revoked'),
    expireSession: (sessionId) => state.endSession(state.sessionOrThrow(sessionId), 'expired'),
    banUser: (user) => state.banUser(state.userOrThrow(user)),
    deleteUser: (user) => state.deleteUser(state.userOrThrow(user)),
    isSessionActive: (sessionId) => state.sessions.get(sessionId)?.status === 'active',
    async mintToken(sessionId, template) {
      if (template === undefined || Object.hasOwn(runtime.jwtTemplates, template)) {
        return tokens.mint(state.sessionOrThrow(sessionId), { template });
      }
      const known = Object.keys(runtime.jwtTemplates).join(', ') || 'none';
      throw new EmulatorError(
        'unknown_template',
        `There is no JWT template "${template}" (there is: ${known}); add it to \`jwtTemplates\`.`,
      );
    },
    configure(change) {
      runtime = readRuntimeOptions(change, runtime);
    },
    reset() {
      runtime = settings.runtime;
      state.reset();
      faults.reset();
      for (const response of suffering) response.destroy();
      webhooks.reset();
      log.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        faults.clear();
        webhooks.close();
        tokens.close();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };

  const control = createControlApp(emulator);
  const answerControl = getRequestListener((request) => control.fetch(request), { overrideGlobalObjects: false });

  return emulator;
}

const loopback = ['127.0.0.1', 'localhost'];

/** Not logged and hit by no fault: clerk-js is written to need none (`_method`, form-urlencoded). */
function answerPreflight(request: IncomingMessage, response: ServerResponse, target: HttpFaultTarget): void {
  response.writeHead(204, {
    ...target.corsHeaders(request),
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
  });
  response.end();
}
