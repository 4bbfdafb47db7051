import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';
import { findNpmPackage } from '../findNpmPackage.ts';

const contentTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  map: 'application/json',
};

/** clerk-js and its components, from the packages that are installed, where the Frontend API serves them. */
export function scriptRoutes({ settings }: ClerkContext): Hono<ClerkEnv> {
  return new Hono<ClerkEnv>().get('/npm/@clerk/:package/dist/:file', async (c) => {
    const [, name, version = ''] = /^(clerk-js|ui)(?:@(.*))?$/.exec(c.req.param('package')) ?? [];
    if (!name) return c.text('Only @clerk/clerk-js and @clerk/ui are served here.\n', 404);
    const [major] = /^\d+/.exec(version) ?? [];
    const found = await findNpmPackage({ name, major, given: settings.npmPackages });
    if (!found.ok) return c.text(`${found.message}\n`, 404);

    const file = c.req.param('file');
    // One name, no path: nothing outside the folder can be reached.
    if (!/^[\w~@-][\w.~@-]*$/.test(file)) return c.text('Not a file name.\n', 404);
    const body = await readFile(join(found.dir, 'dist', file)).catch(() => undefined);
    if (!body) return c.text(`${found.dir} has no dist/${file}.\n`, 404);
    return c.body(new Uint8Array(body), 200, {
      'content-type': contentTypes[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      'cache-control': 'no-cache',
    });
  });
}
