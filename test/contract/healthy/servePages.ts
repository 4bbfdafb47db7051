import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BuiltPages, buildPages } from './buildPages.ts';

export interface PageServer extends BuiltPages {
  /** `http://127.0.0.1:PORT/`: the host of the emulators, so that Clerk's cookies are same-site. */
  readonly url: string;
  close(): void;
}

const html = `<!doctype html>
<title>Test page</title>
<link rel="icon" href="data:,">
<div id="root"></div>
<script>document.write('<script src="/page' + healthySettings.major + '.js"></' + 'script>')</script>`;

/** Serves the page under test: one HTML for all, wherever Clerk navigates to, and one script per clerk-js major. */
export async function servePages(mode: 'production' | 'development' = 'production'): Promise<PageServer> {
  const built = await buildPages(mode);
  const server = createServer((request, response) => {
    const script = built.scripts.get(request.url ?? '');
    response.writeHead(200, { 'content-type': `text/${script === undefined ? 'html' : 'javascript'}; charset=utf-8` });
    response.end(script ?? html);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    ...built,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
