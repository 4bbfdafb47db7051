import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findingPages } from '../../scripts/findingPages.ts';

const folder = fileURLToPath(new URL('../../docs/findings', import.meta.url));
const pages = findingPages();

test('docs/findings has a page for each code, an index, and nothing else (`pnpm docs:findings` writes them)', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(pages).sort());
});

test.each(Object.entries(pages))(
  'docs/findings/%s says what the prose says (`pnpm docs:findings` writes it)',
  (file, page) => {
    expect(readFileSync(join(folder, file), 'utf8')).toBe(page);
  },
);
