import * as newest from 'convex/browser';
import * as oldest from 'convex-oldest/browser';
import WebSocket from 'ws';

/** The clients of the oldest and the newest convex that is supported. */
export const clientVersions = ['1.25', '1.48'] as const;
export type ClientVersion = (typeof clientVersions)[number];

// The two have the same surface where the contract uses it; their private fields make them two types.
const modules = { '1.25': oldest as unknown as typeof newest, '1.48': newest };

/** A client over a socket and one over HTTP, of one version; `closeAll` ends the sockets. */
export function createClients(version: ClientVersion) {
  const { ConvexClient, ConvexHttpClient } = modules[version];
  const open: Array<InstanceType<typeof ConvexClient>> = [];
  return {
    connect(url: string) {
      const client = new ConvexClient(url, {
        webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
        unsavedChangesWarning: false,
        skipConvexDeploymentUrlCheck: true,
        logger: false,
      });
      open.push(client);
      return client;
    },
    overHttp: (url: string) => new ConvexHttpClient(url, { skipConvexDeploymentUrlCheck: true, logger: false }),
    closeAll: () => Promise.all(open.splice(0).map((client) => client.close())),
  };
}
