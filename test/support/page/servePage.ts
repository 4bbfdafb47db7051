import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { pageStart } from '../engines/pageStart.ts';
import { clerkMajors, type PageSettings } from './settings.ts';

export interface PageServer {
  /** `http://127.0.0.1:PORT`: the host of the emulators, so that Clerk's cookies are same-site as they are in production. */
  readonly url: string;
  close(): void;
}

/** The page at `origin` for these settings. */
export const pageUrl = (origin: string, { major, ...settings }: PageSettings): string =>
  `${origin}/?${new URLSearchParams({ major: String(major), ...settings })}`;

const html = (major: string) => `<!doctype html>
<title>Test page</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/clerk${major}.css">
<script>${pageStart}</script>
<div id="root"></div>
<script src="/clerk${major}.js"></script>`;

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const pages = clerkMajors.map((major) => path(`./clerk${major}.tsx`));

/**
 * Serves the page under test, bundled from the library's sources for both clerk-js majors; or pages of a test's own, which
 * are named as these are: `clerk6.tsx`.
 */
export async function servePage(entryPoints: readonly string[] = pages): Promise<PageServer> {
  const { outputFiles } = await build({
    entryPoints: [...entryPoints],
    tsconfig: path('../../../tsconfig.json'), // its paths point at the library's sources
    outdir: '/',
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    logLevel: 'error',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  });
  const files = new Map(outputFiles.map(({ path, text }) => [path, text]));
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const file = files.get(pathname);
    const type = file === undefined ? 'html' : pathname.endsWith('.css') ? 'css' : 'javascript';
    response.setHeader('content-type', `text/${type}; charset=utf-8`);
    response.end(file ?? html(searchParams.get('major') === '6' ? '6' : '5'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
