import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPages } from './buildPages.ts';

export interface PageServer {
  /** `http://127.0.0.1:PORT/`: the host of the emulators, so that Clerk's cookies are same-site. */
  readonly url: string;
  readonly port: number;
  close(): void;
}

const html = `<!doctype html>
<title>Test page</title>
<link rel="icon" href="data:,">
<body>
<div id="root"></div>
<script>document.write('<script src="/page' + sessionsSettings.major + '.js"></' + 'script>')</script>`;

/**
 * Serves the page under test: one HTML for all, wherever Clerk navigates to, and one script per clerk-js major. What is
 * asked under `/__clerk/PORT/` goes to that port, as an app's own server does for a relative `proxyUrl`. `?policy=` is the
 * page's Content-Security-Policy: one that a test puts on an answer in the browser makes that an answer of nowhere, whose
 * page Chromium lets reach nothing on this machine (ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS, Chromium 156).
 */
export async function servePages(
  folder?: string,
  react?: 18 | 19,
  mode?: 'development' | 'production',
): Promise<PageServer> {
  const scripts = await buildPages(folder, react, mode);
  const server = createServer((request, response) => {
    const [, port, path] = /^\/__clerk\/(\d+)(\/.*)$/.exec(request.url ?? '') ?? [];
    if (port !== undefined) {
      const { method, headers } = request;
      const onward = ask({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
      return;
    }
    const script = scripts.get(request.url ?? '');
    const policy = new URL(request.url ?? '', 'http://localhost').searchParams.get('policy');
    response.writeHead(200, {
      'content-type': `text/${script === undefined ? 'html' : 'javascript'}; charset=utf-8`,
      ...(script !== undefined && { 'cache-control': 'max-age=3600' }),
      ...(policy !== null && { 'content-security-policy': policy }),
    });
    response.end(script ?? html);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
