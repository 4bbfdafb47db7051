import { createServer, type Server } from 'node:http';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { createFaultPlan } from '../faults/createFaultPlan.ts';
import type { RequestLogEntry } from '../requestLog.ts';
import { listenOn } from '../wire/listenOn.ts';
import { createControlApi } from './controlApi.ts';
import { createDeployment, type Deployment } from './createDeployment.ts';
import { createFaultGate } from './createFaultGate.ts';
import { createSyncWorker, type SyncWorker } from './createSyncWorker.ts';
import { createHttpActions } from './httpActions.ts';
import { createHttpApi } from './httpApi.ts';
import { readConvexOptions, readEnv } from './readConvexOptions.ts';
import type { AuthenticationEvent, ConvexEmulator, ConvexEmulatorOptions } from './types.ts';

/**
 * Starts a Convex deployment on this machine that runs the functions of a `convex/` folder.
 * Rejects with an `EmulatorError`: `invalid_option`, `port_taken`, `functions_invalid` or `auth_config_missing_env`.
 */
export async function createConvexEmulator(options: ConvexEmulatorOptions): Promise<ConvexEmulator> {
  const settings = readConvexOptions(options);
  const log: RequestLogEntry[] = [];
  const authentications: AuthenticationEvent[] = [];
  const workers = new Set<SyncWorker>();
  const plan = createFaultPlan({
    server: 'convex',
    onImmediate: (action) => {
      const open = [...workers];
      for (const worker of open) {
        if (action.type === 'drop_sockets') worker.drop();
        else worker.rejectIdentity(action.message ?? 'Convex token identity expired');
      }
      return open.length;
    },
  });
  const gate = createFaultGate(plan, log);

  const main = createServer();
  const site = createServer();
  let { env } = settings;
  let withAddresses = () => env;
  let url: string;
  let siteUrl: string;
  let deployment: Deployment;
  try {
    url = await listenOn(main, settings);
    siteUrl = await listenOn(site, { host: settings.host, port: settings.sitePort, portOption: 'sitePort' });
    // What every deployment has in its environment.
    withAddresses = () => ({ CONVEX_CLOUD_URL: url, CONVEX_SITE_URL: siteUrl, ...env });
    deployment = await createDeployment({ ...settings, env: withAddresses() });
  } catch (error) {
    await Promise.all([closeServer(main), closeServer(site)]);
    throw error;
  }

  const cutEverything = () => {
    plan.reset();
    gate.release();
    for (const worker of [...workers]) worker.drop();
  };
  const emulator: ConvexEmulator = {
    url,
    siteUrl,
    log,
    faults: plan,
    runs: deployment.runs,
    authentications,
    get openSockets() {
      return workers.size;
    },
    async push(next) {
      const before = env;
      env = next?.env ? readEnv(next.env) : env;
      try {
        await deployment.push(withAddresses());
      } catch (error) {
        env = before;
        throw error;
      }
    },
    async reset() {
      cutEverything();
      await deployment.reset();
      log.length = 0;
      authentications.length = 0;
    },
    async close() {
      cutEverything();
      sockets.close();
      await Promise.all([closeServer(main), closeServer(site)]);
      await deployment.close();
    },
  };

  main.on(
    'request',
    gate.serve(new Hono().route('/__emulator', createControlApi(emulator)).route('/', createHttpApi(deployment))),
  );
  site.on('request', gate.serve(createHttpActions(deployment)));
  const sockets = new WebSocketServer({ noServer: true });
  main.on('upgrade', (request, stream, head) => {
    gate.upgrade(request, stream, (entry) => {
      const path = /^\/api\/(?:([^/]+)\/)?sync$/.exec(entry.path);
      if (!path) {
        entry.status = 404;
        stream.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, stream, head, (socket) => {
        entry.status = 101;
        const worker = createSyncWorker({
          socket,
          stream,
          deployment,
          clientVersion: path[1] ?? '',
          chunkBytes: settings.transitionChunkBytes,
          heartbeatMs: settings.heartbeatMs,
          receive: gate.receive,
          noteAuthentication: (event) => authentications.push(event),
        });
        workers.add(worker);
        socket.on('close', () => workers.delete(worker));
      });
    });
  });
  return emulator;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
