import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What is on the pages that nothing but the guard protects: the example's own ask Clerk themselves, and show nothing without it. */
export const treasure = 'the vault is open';

/** Pages with the treasure: made at each request, made while building, and one of each where anybody may go. */
export const vaults = {
  dynamic: 'vault',
  static: 'safe',
  public: 'sign-in/open',
  publicStatic: 'sign-in/still',
} as const;

/** Puts them into an app that is yet to be built. */
export async function addVaults(dir: string): Promise<void> {
  for (const [kind, path] of Object.entries(vaults)) {
    const file = join(dir, 'app', path, 'page.tsx');
    await mkdir(dirname(file), { recursive: true });
    const dynamic = /static/i.test(kind) ? 'force-static' : 'force-dynamic';
    await writeFile(file, `export const dynamic = '${dynamic}';\nexport default () => <p>${treasure}</p>;\n`);
  }
}

/** By what Next.js finds the server actions of a built app. */
export async function actionIdsOf(dir: string): Promise<readonly string[]> {
  const manifest = await readFile(join(dir, '.next/server/server-reference-manifest.json'), 'utf8');
  return Object.keys((JSON.parse(manifest) as { node: Readonly<Record<string, unknown>> }).node);
}
