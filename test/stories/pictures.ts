import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { expect } from 'vitest';

/** Of a tile. What another version of Chromium smooths otherwise stays below it; another word does not. */
const mostPixelsThatDiffer = 0.002;

/** Fonts of packages, so that it looks the same wherever it is drawn. */
const faces = (
  ['noto-sans/latin', 'noto-sans/cyrillic', 'noto-sans-bengali/bengali', 'noto-sans-arabic/arabic'] as const
)
  .map((face) => face.split('/') as [name: string, subset: string])
  .flatMap(([name, subset]) => [400, 500, 600].map((weight) => ({ name, subset, weight })));

/** The style sheet that brings them, for `withFonts`. */
export async function fontCss(): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  const rules = await Promise.all(
    faces.map(async ({ name, subset, weight }) => {
      const file = resolve(`@fontsource/${name}/files/${name}-${subset}-${weight}-normal.woff2`);
      const data = (await readFile(file)).toString('base64');
      return `@font-face { font-family: "${name}-${subset}"; font-weight: ${weight}; src: url(data:font/woff2;base64,${data}); }`;
    }),
  );
  const families = [...new Set(faces.map(({ name, subset }) => `"${name}-${subset}"`))].join(', ');
  return `${rules.join('\n')} :root { --ccr-font: ${families}; } .ccr-root code { font-family: ${families}; }`;
}

/** Has the page draw with these fonts alone, and waits until they are there. */
export async function withFonts(page: Page, css: string): Promise<void> {
  await page.addStyleTag({ content: css });
  await page.evaluate(
    (faces) =>
      Promise.all(
        faces.map(({ name, subset, weight }) => document.fonts.load(`${weight} 13px "${name}-${subset}"`, 'aжঅع')),
      ).then(() => {}),
    faces,
  );
}

/** A part of a sheet, and what to call it where it differs. */
export interface Tile {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Compares a sheet with the one that is kept at this path of the repository; UPDATE_SHEET=1 keeps this one. */
export async function compareSheet(path: string, sheet: PNG, tiles: readonly Tile[]): Promise<void> {
  const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const data = PNG.sync.write(sheet, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });
  if (process.env.UPDATE_SHEET === '1') {
    await mkdir(dirname(file(path)), { recursive: true });
    await writeFile(file(path), data);
    return;
  }
  expect(existsSync(file(path)), 'There is no sheet: run `UPDATE_SHEET=1 pnpm test:stories`.').toBe(true);
  const wanted = PNG.sync.read(await readFile(file(path)));
  const difference = new PNG({ width: sheet.width, height: sheet.height });
  const isSameSize = wanted.width === sheet.width && wanted.height === sheet.height;
  if (isSameSize)
    pixelmatch(wanted.data, sheet.data, difference.data, sheet.width, sheet.height, { threshold: 0.1, diffMask: true });
  const others = isSameSize ? tiles.filter((tile) => share(difference, tile) > mostPixelsThatDiffer) : tiles;
  const kept = (what: string) => file(`.cache/states/${what}-${path.split('/').at(-1)}`);
  if (others.length > 0) {
    await mkdir(dirname(kept('')), { recursive: true });
    await Promise.all([writeFile(kept('actual'), data), writeFile(kept('difference'), PNG.sync.write(difference))]);
  }
  expect(
    others.map(({ name }) => name),
    `It is drawn otherwise: look at ${kept('actual')} and ${kept('difference')}. If it is meant, run \`UPDATE_SHEET=1 pnpm test:stories\`.`,
  ).toEqual([]);
}

/** How much of a tile differs, 0 to 1. */
function share({ data, width: sheetWidth }: PNG, { left, top, width, height }: Tile): number {
  let different = 0;
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + width; x++) if ((data[(y * sheetWidth + x) * 4 + 3] ?? 0) > 0) different++;
  return different / (height * width);
}
