import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { data, library, root, scripts, styles } from './entries.ts';

/** Everything that the package exports, by entry; and where it runs. */
const entriesFile = [
  ...scripts.map(({ specifier }, at) => `import * as entry${at} from '${specifier}';`),
  ...data.map(({ specifier }, at) => `import data${at} from '${specifier}';`),
  `const data = { ${data.map(({ specifier }, at) => `'${specifier}': typeof data${at}`).join(', ')} };`,
  `const entries = { ${scripts.map(({ specifier }, at) => `'${specifier}': entry${at}`).join(', ')} };`,
  `
const reference = Symbol.for('react.client.reference');
const kindOf = (it) => (it?.$$typeof === reference ? 'client' : typeof it);
/** The kind of each export: \`client\` is what the browser gets, as a server component sees it. */
export const look = () => ({
  at: typeof EdgeRuntime === 'string' ? 'edge' : typeof WorkerGlobalScope === 'function' ? 'worker' : 'document' in globalThis ? 'page' : 'node',
  data,
  seen: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [
    name, Object.fromEntries(Object.keys(entry).sort().map((key) => [key, kindOf(entry[key])])),
  ])),
});
`,
].join('\n');

const route = `export const GET = () => Response.json(look());`;
const page = `export default () => <pre id="seen">{JSON.stringify(look())}</pre>;`;
const from = (path: string): string => `import { look } from '${path}';\n`;
const onEdge = `export const runtime = 'edge';\n`;

/** A small app that imports every entry wherever Next.js runs code. No pages of it need Clerk or Convex to be there. */
const files: Readonly<Record<string, string>> = {
  'entries.js': entriesFile,
  'app/layout.jsx': `${styles.map(({ specifier }) => `import '${specifier}';`).join('\n')}
export default ({ children }) => <html lang="en"><body>{children}</body></html>;`,
  'app/server/page.jsx': `${from('../../entries.js')}${page}`,
  'app/server-edge/page.jsx': `${from('../../entries.js')}${onEdge}${page}`,
  'app/route/route.js': `${from('../../entries.js')}export const dynamic = 'force-dynamic';\n${route}`,
  'app/route-edge/route.js': `${from('../../entries.js')}${onEdge}${route}`,
  'app/client/page.jsx': `'use client';\n${from('../../entries.js')}import { useEffect, useState } from 'react';
export default () => {
  const [browser, setBrowser] = useState();
  useEffect(() => setBrowser(JSON.stringify(look())), []);
  return <><pre id="seen">{JSON.stringify({ ...look(), at: 'client' })}</pre>{browser && <pre id="browser">{browser}</pre>}</>;
};`,
  'app/worker/page.jsx': `'use client';\nimport { useEffect, useState } from 'react';
export default () => {
  const [answer, setAnswer] = useState();
  useEffect(() => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => setAnswer(JSON.stringify(data));
    worker.onerror = ({ message }) => setAnswer(message || 'an error without a message');
    return () => worker.terminate();
  }, []);
  return answer && <pre id="worker">{answer}</pre>;
};`,
  // Next.js writes \`'object'\` in the place of \`typeof window\` there (next 16.4): so a worker tries what asks for the page.
  'app/worker/worker.js': `${from('../../entries.js')}import { browserConnectivity, createTokenRetryFetch } from 'clerk-convex-resilience/core';
const use = async () => {
  const send = createTokenRetryFetch({ fetch: () => Promise.resolve(new Response('{}')) });
  const { isHidden, isOnline, onWake, readCookie } = browserConnectivity();
  onWake(() => {})();
  return [isHidden(), isOnline(), readCookie(/./) ?? 'no cookie', (await send('https://api.example.com/token')).status].join();
};
use().then((used) => postMessage({ ...look(), used }), (error) => postMessage({ used: String(error) }));`,
  // Runs in the edge runtime; \`proxy.ts\` of Next.js 16 runs in Node. An app has one of the two.
  'middleware.js': `${from('./entries.js')}export const middleware = () => Response.json(look());
export const config = { matcher: '/middleware' };`,
  // Built once: a cache would take longer to write than it saves.
  'next.config.mjs': `export default {
  turbopack: { root: ${JSON.stringify(root)} },
  experimental: { turbopackFileSystemCacheForBuild: false },
};`,
  // Its own, or the workspace's would lead to the sources.
  'jsconfig.json': '{ "compilerOptions": {} }',
  'package.json': JSON.stringify({ name: 'every-entry', private: true, type: 'module' }),
};

/** Writes the app, or its server component alone, with this copy of the package in it. Answers its folder. */
export async function prepareEntriesApp(name: string, copy = library, part: 'all' | 'server' = 'all'): Promise<string> {
  const dir = join(root, '.cache/next-build', name);
  await rm(dir, { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) {
    if (part === 'server' && /^(middleware|app\/(?!layout|server\/))/.test(file)) continue;
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  // The package's own, so that there is one copy of each.
  await mkdir(join(dir, 'node_modules'));
  for (const dependency of ['next', 'react', 'react-dom'])
    await symlink(join(library, 'node_modules', dependency), join(dir, 'node_modules', dependency));
  await symlink(copy, join(dir, 'node_modules/clerk-convex-resilience'));
  return dir;
}

/** A copy of the built package without `'use client'`. Answers its folder, and the files that had it. */
export async function copyWithoutDirective(name: string): Promise<{ dir: string; stripped: readonly string[] }> {
  const dir = join(root, '.cache/next-build', name);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await cp(join(library, 'dist'), join(dir, 'dist'), { recursive: true });
  await cp(join(library, 'package.json'), join(dir, 'package.json'));
  await symlink(join(library, 'node_modules'), join(dir, 'node_modules'));
  const stripped: string[] = [];
  for (const file of await readdir(join(dir, 'dist'))) {
    if (!file.endsWith('.js')) continue;
    const code = await readFile(join(dir, 'dist', file), 'utf8');
    if (!code.startsWith(`'use client';`)) continue;
    stripped.push(file);
    await writeFile(join(dir, 'dist', file), code.replace(`'use client';`, ''));
  }
  return { dir, stripped };
}
