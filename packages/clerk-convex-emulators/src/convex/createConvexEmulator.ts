import { isDeepStrictEqual } from 'node:util';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { createFaultPlan } from '../faults/createFaultPlan.ts';
import { keepNewest } from '../keepNewest.ts';
import type { RequestLogEntry } from '../requestLog.ts';
import { listenOn } from '../wire/listenOn.ts';
import { createControlApi } from './controlApi.ts';
import { createDeployment, type Deployment } from './createDeployment.ts';
import { createFaultGate } from './createFaultGate.ts';
import { createStartingServer, type OnRequest, type OnUpgrade } from './createStartingServer.ts';
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

  // A client of an earlier emulator on this port may be back before the functions are loaded.
  let open: (handlers: Handlers) => void = () => undefined;
  const ready = new Promise<Handlers>((resolve) => {
    open = resolve;
  });
  const main = createStartingServer(
    ready.then(({ onRequest }) => onRequest),
    ready.then(({ onUpgrade }) => onUpgrade),
  );
  const site = createStartingServer(ready.then(({ onSiteRequest }) => onSiteRequest));
  const { host, port, sitePort } = settings;
  let { env } = settings;
  let withAddresses = () => env;
  let url: string;
  let siteUrl: string;
  let deployment: Deployment;
  try {
    url = await listenOn(main.server, { host, port });
    siteUrl = await listenOn(site.server, { host, port: sitePort, portOption: 'sitePort' });
    // What every deployment has in its environment.
    withAddresses = () => ({ CONVEX_CLOUD_URL: url, CONVEX_SITE_URL: siteUrl, ...env });
    deployment = await createDeployment({ ...settings, env: withAddresses() });
  } catch (error) {
    await Promise.all([main.close(), site.close()]);
    throw error;
  }

  const cutEverything = () => {
    plan.reset();
    gate.release();
    for (const worker of workers) worker.drop();
    // Their ends are events still to come.
    workers.clear();
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
      if (!isDeepStrictEqual(env, settings.env)) await emulator.push({ env: settings.env });
      await deployment.reset();
      log.length = 0;
      authentications.length = 0;
    },
    async close() {
      cutEverything();
      sockets.close();
      await Promise.all([main.close(), site.close()]);
      await deployment.close();
    },
  };

  const sockets = new WebSocketServer({ noServer: true });
  const onUpgrade: Handlers['onUpgrade'] = (request, stream, head) =>
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
          noteAuthentication: (event) => keepNewest(authentications, event),
        });
        workers.add(worker);
        socket.on('close', () => workers.delete(worker));
      });
    });
  open({
    onRequest: gate.serve(
      new Hono().route('/__emulator', createControlApi(emulator)).route('/', createHttpApi(deployment)),
    ),
    onSiteRequest: gate.serve(createHttpActions(deployment)),
    onUpgrade,
  });
  return emulator;
}

interface Handlers {
  readonly onRequest: OnRequest;
  readonly onSiteRequest: OnRequest;
  readonly onUpgrade: OnUpgrade;
}
