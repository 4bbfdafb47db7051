import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface Story {
  readonly id: string;
  /** `AuthErrorHandler/Banner` */
  readonly title: string;
  readonly name: string;
}

export interface BuiltStorybook {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly stories: readonly Story[];
  /** Pages of prose. */
  readonly docs: readonly Story[];
  close(): void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.cache', 'storybook');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Builds Storybook into `.cache/storybook` and serves it, as a static site. */
export async function serveStorybook(): Promise<BuiltStorybook> {
  const command = join(root, 'node_modules', '.bin', 'storybook');
  await promisify(execFile)(command, ['build', '--output-dir', folder, '--loglevel', 'warn'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: undefined, STORYBOOK_DISABLE_TELEMETRY: '1' },
    maxBuffer: 2 ** 26,
  }).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`Storybook was not built:\n${error.stdout}\n${error.stderr}`);
  });
  const { entries } = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as {
    entries: Record<string, Story & { readonly type: 'story' | 'docs' }>;
  };
  const all = Object.values(entries);
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://storybook').pathname));
    readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (content) => response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stories: all.filter(({ type }) => type === 'story'),
    docs: all.filter(({ type }) => type === 'docs'),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
