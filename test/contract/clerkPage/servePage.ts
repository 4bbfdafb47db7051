import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageSettings } from './pageSettings.ts';

export interface PageServer {
  url(settings: PageSettings, major: 5 | 6): string;
  close(): Promise<void>;
}

/** Bundles the page for both majors and serves it; the settings travel in the URL and come back in the page. */
export async function servePage(): Promise<PageServer> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [5, 6].map((major) => `${here}page${major}.tsx`),
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    logLevel: 'error',
  });
  const scripts = new Map(outputFiles.map(({ path, contents }) => [path.split('/').at(-1), contents]));

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const script = scripts.get(pathname.slice(1));
    if (script) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script);
      return;
    }
    const settings = (searchParams.get('settings') ?? '{}').replaceAll('<', '\\u003c');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><title>Test page</title><link rel="icon" href="data:,"><div id="root"></div><script>window.pageSettings=${settings}</script><script src="/page${searchParams.get('major')}.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (settings, major) =>
      `http://127.0.0.1:${port}/?${new URLSearchParams({ major: String(major), settings: JSON.stringify(settings) })}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
