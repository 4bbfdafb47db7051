import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../support/createCertificate.ts';

export interface Served {
  readonly url: string;
  /** What has come: the request line and the headers as JSON, then the body. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A server on the loopback interface that gives everybody the same answer; with a certificate, over TLS. */
export async function serveAnswer(answer: RequestListener, certificate?: Certificate): Promise<Served> {
  const requests: string[] = [];
  const listener: RequestListener = (request, response) => {
    record(request, requests);
    answer(request, response);
  };
  const server = certificate ? createHttpsServer(certificate, listener) : createHttpServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function record(request: IncomingMessage, requests: string[]): void {
  const index = requests.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`) - 1;
  request.on('data', (chunk: Buffer) => {
    requests[index] += ` ${chunk.toString()}`;
  });
}
