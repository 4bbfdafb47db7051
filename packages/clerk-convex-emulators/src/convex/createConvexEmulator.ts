import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { EmulatorError } from '../errors.ts';
import { applyHttpFault } from '../faults/applyHttpFault.ts';
import { applyUpgradeFault } from '../faults/applyUpgradeFault.ts';
import { createFaultPlan, type FaultPlan } from '../faults/createFaultPlan.ts';
import type { Fault, FaultAction, Faults } from '../faults/fault.ts';
import type { RequestLogEntry } from '../requestLog.ts';
import { listenOn } from '../wire/listenOn.ts';
import { createControlApi } from './controlApi.ts';
import { createDeployment, type Deployment } from './createDeployment.ts';
import { createSyncWorker, type SyncWorker } from './createSyncWorker.ts';
import { createHttpActions } from './httpActions.ts';
import { createHttpApi } from './httpApi.ts';
import type { AuthenticationEvent, ConvexEmulator, ConvexEmulatorOptions } from './types.ts';

/**
 * Starts a Convex deployment on this machine that runs the functions of a `convex/` folder.
 * Rejects with an `EmulatorError`: `invalid_option`, `port_taken`, `functions_invalid`, `auth_config_missing_env`.
 */
export async function createConvexEmulator(options: ConvexEmulatorOptions): Promise<ConvexEmulator> {
  const { dir, host, chunkBytes, heartbeatMs } = readOptions(options);
  const log: RequestLogEntry[] = [];
  const authentications: AuthenticationEvent[] = [];
  const workers = new Set<SyncWorker>();

  const plan = createFaultPlan({
    server: 'convex',
    onImmediate: (action: FaultAction) => {
      for (const worker of [...workers]) {
        if (action.type === 'drop_sockets') worker.drop();
        else if (action.type === 'auth_error') {
          worker.rejectIdentity(action.message ?? 'Convex token identity expired');
        }
      }
    },
  });
  const faults = withDefaultMatches(plan);

  // Listening comes first: functions see the addresses in their environment.
  const main = createServer();
  const site = createServer();
  const url = await listenOn(main, { host, port: options.port ?? 0 });
  let siteUrl: string;
  let deployment: Deployment;
  let env = { ...options.env };
  const withAddresses = () => ({ CONVEX_CLOUD_URL: url, CONVEX_SITE_URL: siteUrl, ...env });
  try {
    siteUrl = await listenOn(site, { host, port: options.sitePort ?? 0 });
    deployment = await createDeployment({
      dir,
      env: withAddresses(),
      redact: options.redactErrors ?? false,
      stateFile: options.stateFile,
      onLog: options.onLog ?? (() => undefined),
    });
  } catch (error) {
    await Promise.all([closeServer(main), closeServer(site)]);
    throw error;
  }

  const dropSockets = () => {
    for (const worker of [...workers]) worker.drop();
  };
  const emulator: ConvexEmulator = {
    url,
    siteUrl,
    log,
    faults,
    runs: deployment.runs,
    authentications,
    get openSockets() {
      return workers.size;
    },
    async push(next) {
      const before = env;
      if (next?.env) env = { ...next.env };
      try {
        await deployment.push(withAddresses());
      } catch (error) {
        env = before;
        throw error;
      }
    },
    async reset() {
      plan.reset();
      dropSockets();
      deployment.reset();
      log.length = 0;
      authentications.length = 0;
    },
    async close() {
      plan.reset();
      dropSockets();
      sockets.close();
      await Promise.all([closeServer(main), closeServer(site)]);
      await deployment.close();
    },
  };

  const app = new Hono().route('/__emulator', createControlApi(emulator)).route('/', createHttpApi(deployment));
  main.on('request', withFaults(plan, log, getRequestListener(app.fetch)));
  site.on('request', withFaults(plan, log, getRequestListener(createHttpActions(deployment).fetch)));

  const sockets = new WebSocketServer({ noServer: true });
  main.on('upgrade', (request, stream, head) => {
    const { pathname } = new URL(request.url ?? '/', url);
    const entry: RequestLogEntry = { at: Date.now(), method: 'CONNECT', path: pathname };
    log.push(entry);
    const open = async () => {
      stream.on('error', () => undefined);
      const fault = plan.take(`CONNECT ${pathname}`);
      if (fault) entry.fault = fault.type;
      if (fault && (await applyUpgradeFault(fault, stream)) === 'answered') {
        if (fault.type === 'status') entry.status = fault.status;
        else if (fault.type === 'refuse_upgrade') entry.status = 503;
        return;
      }
      const [, clientVersion] = /^\/api\/(?:([^/]+)\/)?sync$/.exec(pathname) ?? [];
      if (!/\/sync$/.test(pathname)) {
        stream.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, stream, head, (socket) => {
        entry.status = 101;
        const worker = createSyncWorker({
          socket,
          stream,
          deployment,
          clientVersion: clientVersion ?? '',
          chunkBytes,
          heartbeatMs,
          receive: (type, session) => {
            const message: RequestLogEntry = {
              at: Date.now(),
              method: 'MESSAGE',
              path: type,
              ...(session && { client: session }),
            };
            log.push(message);
            const due = plan.take(`MESSAGE ${type}`);
            if (due) message.fault = due.type;
            return due;
          },
          noteAuthentication: (event) => authentications.push(event),
        });
        workers.add(worker);
        socket.on('close', () => workers.delete(worker));
      });
    };
    void open();
  });
  return emulator;
}

function readOptions(options: ConvexEmulatorOptions) {
  const { dir, host = '127.0.0.1', transitionChunkBytes = 5_000_000, heartbeatMs = 15_000 } = options;
  if (typeof dir !== 'string' || dir === '')
    throw invalid("`dir` is missing. Give the path of your app's convex/ folder.");
  for (const [name, value] of Object.entries({ transitionChunkBytes, heartbeatMs })) {
    if (!Number.isInteger(value) || value < 1) throw invalid(`\`${name}\` is ${value}; use a whole number from 1.`);
  }
  for (const [name, value] of Object.entries({ port: options.port, sitePort: options.sitePort })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= 65_535)) {
      throw invalid(`\`${name}\` is ${value}; use a port from 0 (a free one) to 65535.`);
    }
  }
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (typeof value !== 'string')
      throw invalid(`\`env.${name}\` is ${String(value)}; environment variables are strings.`);
  }
  return { dir: resolve(dir), host, chunkBytes: transitionChunkBytes, heartbeatMs };
}

const invalid = (message: string) => new EmulatorError('invalid_option', message);

/** What a fault of one kind of message is about, unless it says otherwise: else other requests would use it up. */
const defaultMatches: Partial<Record<FaultAction['type'], string>> = {
  reject_authenticate: 'MESSAGE Authenticate',
  refuse_upgrade: 'CONNECT ',
};

function withDefaultMatches(plan: FaultPlan): Faults {
  return {
    add(fault: Fault) {
      const type = typeof fault?.action === 'string' ? fault.action : fault?.action?.type;
      const match = defaultMatches[type];
      return plan.add(match !== undefined && fault.match === undefined ? { ...fault, match } : fault);
    },
    clear: () => plan.clear(),
    get active() {
      return plan.active;
    },
    get fired() {
      return plan.fired;
    },
  };
}

/** Notes each request and lets faults have it first; the control endpoint stays out of both. */
function withFaults(plan: FaultPlan, log: RequestLogEntry[], listener: ReturnType<typeof getRequestListener>) {
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.startsWith('/__emulator/')) return void (await listener(request, response));
    const method = request.method ?? 'GET';
    const entry: RequestLogEntry = { at: Date.now(), method, path: pathname };
    log.push(entry);
    response.on('finish', () => {
      entry.status = response.statusCode;
    });
    const fault = plan.take(`${method} ${pathname}`);
    if (fault) entry.fault = fault.type;
    if (fault && (await applyHttpFault(fault, request, response, faultTarget)) === 'answered') return;
    await listener(request, response);
  };
  return (request: IncomingMessage, response: ServerResponse) => void serve(request, response);
}

const faultTarget = {
  errorBody: (status: number) => ({
    contentType: 'application/json',
    body: JSON.stringify(
      status >= 500
        ? { code: 'InternalServerError', message: "Your request couldn't be completed. Try again later." }
        : { code: 'BadRequest', message: 'The request was refused.' },
    ),
  }),
  corsHeaders: () => ({ 'access-control-allow-origin': '*' }),
};

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
