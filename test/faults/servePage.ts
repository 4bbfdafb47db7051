import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPage } from './buildPage.ts';

export interface PageServer {
  /** `http://127.0.0.1:PORT`: the host of the emulators, so that Clerk's cookies are same-site as they are in production. */
  readonly url: string;
  close(): void;
}

const html = `<!doctype html>
<title>bench</title>
<link rel="icon" href="data:,">
<div id="root"></div>
<script>
  // Clerk goes to the site's root after a sign-out: a reload there is a reload of the same page.
  if (location.search) sessionStorage.setItem('bench', location.search);
  const major = new URLSearchParams(sessionStorage.getItem('bench')).get('major');
  document.write('<script src="/clerk' + major + '.js"></' + 'script>');
</script>`;

/** Serves the page under test: one HTML for all, one script per clerk-js major. */
export async function servePage(): Promise<PageServer> {
  const scripts = await buildPage();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    const script = scripts.get(pathname);
    if (script !== undefined) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'max-age=3600' });
      response.end(script);
      return;
    }
    if (pathname !== '/') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(html);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
