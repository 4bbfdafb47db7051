import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildNext } from '../../scripts/demo/runNext.ts';
import { copyWithoutDirective, prepareEntriesApp } from './support/prepareEntriesApp.ts';

// A copy of the built package that has lost every `'use client'`; with them the same app builds (entries.test.ts).

/** What React does not have on a server, and what Next.js refuses there by its name (next 16.4). */
const ofBrowser =
  /\b(createContext|use(State|Effect|LayoutEffect|InsertionEffect|Reducer|Ref|SyncExternalStore))\b[^}]*\} from "react";/;

it('fails `next build` for each client file that has lost its directive', async () => {
  const { dir: copy, stripped } = await copyWithoutDirective('package-without-directive');
  const dir = await prepareEntriesApp('without-directive', copy, 'server');
  const { ok, output } = await buildNext({ dir, env: { NEXT_TELEMETRY_DISABLED: '1' } });
  expect(ok).toBe(false);
  expect(output).toMatch(
    /You're importing a module that depends on `createContext` into a React Server Component module/,
  );
  // The others render, and that a server can do too: it is test/packages/library.test.ts that looks at those.
  const needed = stripped.filter((file) => ofBrowser.test(readFileSync(join(copy, 'dist', file), 'utf8')));
  expect(needed.length).toBeGreaterThan(3);
  expect(stripped.filter((file) => output.includes(`/dist/${file}:`))).toEqual(needed);
});
