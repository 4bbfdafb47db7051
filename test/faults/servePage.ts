import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageStart } from '../support/engines/pageStart.ts';
import { buildPage, pageVariants } from './buildPage.ts';

export interface PageServer {
  /** `http://127.0.0.1:PORT`: the host of the emulators, so that Clerk's cookies are same-site as they are in production. */
  readonly url: string;
  close(): void;
}

const html = `<!doctype html>
<title>bench</title>
<script>${pageStart}</script>
<link rel="icon" href="data:,">
<div id="root"></div>
<script>
  // Clerk goes to the site's root after a sign-out: a reload there is a reload of the same page.
  if (location.search) sessionStorage.setItem('bench', location.search);
  const of = (name) => new URLSearchParams(sessionStorage.getItem('bench')).get(name);
  document.write('<script src="/clerk' + of('major') + '-react' + of('react') + '-strict-' + of('strict') + '.js"></' + 'script>');
</script>`;

const away = `<!doctype html>
<title>away</title>
<script>${pageStart}</script>
<link rel="icon" href="data:,">
<p>Another page.</p>`;

/** Serves the page under test: one HTML for all, one script per variant, which is bundled when it is first asked for. */
export async function servePage(): Promise<PageServer> {
  const built = new Map<string, Promise<string>>();
  const scripts = new Map(
    pageVariants.map((variant) => [
      `/clerk${variant.major}-react${variant.react}-strict-${variant.strict}.js`,
      () => buildPage(variant),
    ]),
  );
  const sendScript = async (path: string, build: () => Promise<string>, response: ServerResponse) => {
    if (!built.has(path)) built.set(path, build());
    const script = await built.get(path);
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'max-age=3600' });
    response.end(script);
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const build = scripts.get(pathname);
    if (build) {
      sendScript(pathname, build, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    } else if (pathname === '/sleep') {
      setTimeout(() => response.end(), Number(searchParams.get('ms')));
    } else if (pathname === '/' || pathname === '/away') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(pathname === '/' ? html : away);
    } else response.writeHead(404).end();
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
