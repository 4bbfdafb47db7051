import { type AddressInfo, connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { createCertificate } from '../../support/createCertificate.ts';

export interface TlsFront {
  readonly port: number;
  /** What is asked for under that host name goes to that port of this machine, without TLS. */
  route(host: string, port: number): void;
  close(): void;
}

/** Stands with TLS in front of servers that have none, and tells them apart by the host name that the browser asks for. */
export async function createTlsFront(): Promise<TlsFront> {
  const ports = new Map<string, number>();
  const open = new Set<TLSSocket>();
  const server = createServer(createCertificate(), (socket) => {
    open.add(socket);
    const port = ports.get(String(socket.servername));
    const onward = port === undefined ? undefined : connect(port, '127.0.0.1');
    const end = () => {
      socket.destroy();
      onward?.destroy();
      open.delete(socket);
    };
    if (!onward) return end();
    for (const each of [socket, onward]) each.on('error', end).on('close', end);
    socket.pipe(onward).pipe(socket);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    route: (host, port) => void ports.set(host, port),
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
