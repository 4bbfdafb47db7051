import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { preview } from 'vite';
import type { TestProject } from 'vitest/node';

interface Story {
  readonly id: string;
  /** `AuthErrorHandler/Banner` */
  readonly title: string;
  readonly name: string;
}

export interface BuiltStorybook {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  readonly stories: readonly Story[];
  /** Pages of prose. */
  readonly docs: readonly Story[];
}

declare module 'vitest' {
  interface ProvidedContext {
    storybook: BuiltStorybook;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.cache', 'storybook');

/** Builds Storybook into `.cache/storybook` and serves it as a static site while the tests run. */
export default async function serveStorybook({ provide }: TestProject): Promise<() => Promise<void>> {
  const command = join(root, 'node_modules', '.bin', 'storybook');
  await promisify(execFile)(command, ['build', '--output-dir', folder, '--disable-telemetry', '--loglevel', 'warn'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: undefined } as unknown as NodeJS.ProcessEnv,
    maxBuffer: 2 ** 26,
  }).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`Storybook was not built:\n${error.stdout}\n${error.stderr}`);
  });
  const { entries } = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as {
    entries: Record<string, Story & { readonly type: 'story' | 'docs' }>;
  };
  const all = Object.values(entries);
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0, strictPort: false, open: false },
  });
  const [url] = server.resolvedUrls?.local ?? [];
  if (!url) throw new Error('The server of the built Storybook has no address.');
  provide('storybook', {
    url,
    stories: all.filter(({ type }) => type === 'story'),
    docs: all.filter(({ type }) => type === 'docs'),
  });
  return () => server.close();
}
