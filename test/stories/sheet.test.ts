import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { states } from '../../stories/support/states.ts';
import { launchChromium } from '../support/chromium.ts';

// One picture of every state, in two themes and four languages: the README shows it, and what is drawn now is compared with it.
// UPDATE_SHEET=1 draws it anew. Look at it before you commit it.

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const sheetPath = path('docs/images/states.png');
const actualPath = path('.cache/states/actual.png');
const differencePath = path('.cache/states/difference.png');

const columnWidth = 340;
const themes = ['light', 'dark'] as const;
const languages = ['en', 'ru', 'bn', 'ar'] as const;
/** Of a tile. What another version of Chromium smooths otherwise stays below it; another word does not. */
const mostPixelsThatDiffer = 0.002;

/** Fonts of packages, so that it looks the same wherever it is drawn. */
const faces = (
  ['noto-sans/latin', 'noto-sans/cyrillic', 'noto-sans-bengali/bengali', 'noto-sans-arabic/arabic'] as const
)
  .map((face) => face.split('/') as [name: string, subset: string])
  .flatMap(([name, subset]) => [400, 500, 600].map((weight) => ({ name, subset, weight })));

async function fontCss(): Promise<string> {
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

interface Tile {
  readonly state: string;
  readonly top: number;
  readonly height: number;
}
interface Column {
  readonly image: PNG;
  readonly tiles: readonly Tile[];
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium(undefined, { args: ['--disable-lcd-text'] });
});
afterAll(() => browser?.close());

async function drawColumn(theme: string, language: string, fonts: string): Promise<Column> {
  const page = await browser.newPage({ viewport: { width: columnWidth, height: 800 }, reducedMotion: 'reduce' });
  try {
    const globals = encodeURIComponent(`theme:${theme};language:${language};a11y.manual:!true`);
    await page.goto(
      `${inject('storybook').url}iframe.html?viewMode=story&id=autherrorhandler-at-a-glance--all-states&globals=${globals}`,
    );
    await expect.poll(() => page.locator('[data-aged=true]').count()).toBe(Object.keys(states).length);
    await page.addStyleTag({ content: fonts });
    const tiles = await page.evaluate(async (faces) => {
      await Promise.all(
        faces.map(({ name, subset, weight }) => document.fonts.load(`${weight} 13px "${name}-${subset}"`, 'aжঅع')),
      );
      return [...document.querySelectorAll<HTMLElement>('[data-state]')].map((tile): Tile => {
        const { top, height } = tile.getBoundingClientRect();
        return { state: tile.dataset.state ?? '', top: Math.round(top + scrollY), height: Math.round(height) };
      });
    }, faces);
    const image = PNG.sync.read(await page.locator('main').screenshot());
    return { image, tiles };
  } finally {
    await page.close();
  }
}

it('has every state drawn as the sheet of the README shows it', async () => {
  const fonts = await fontCss();
  const rows = await Promise.all(
    themes.map((theme) => Promise.all(languages.map((language) => drawColumn(theme, language, fonts)))),
  );
  const heights = rows.map((row) => Math.max(...row.map(({ image }) => image.height)));
  const sheet = new PNG({ width: columnWidth * languages.length, height: heights.reduce((a, b) => a + b) });
  const tiles: (Tile & { readonly left: number; readonly look: string })[] = [];
  let top = 0;
  for (const [y, row] of rows.entries()) {
    for (const [x, { image, tiles: own }] of row.entries()) {
      fill(sheet, x * columnWidth, top, heights[y] ?? 0, image);
      PNG.bitblt(image, sheet, 0, 0, columnWidth, image.height, x * columnWidth, top);
      for (const tile of own)
        tiles.push({ ...tile, left: x * columnWidth, top: tile.top + top, look: `${themes[y]} ${languages[x]}` });
    }
    top += heights[y] ?? 0;
  }
  expect(tiles).toHaveLength(themes.length * languages.length * Object.keys(states).length);
  const data = PNG.sync.write(sheet, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });

  if (process.env.UPDATE_SHEET === '1') {
    await mkdir(dirname(sheetPath), { recursive: true });
    await writeFile(sheetPath, data);
    return;
  }
  expect(existsSync(sheetPath), 'There is no sheet: run `UPDATE_SHEET=1 pnpm test:stories`.').toBe(true);
  const wanted = PNG.sync.read(await readFile(sheetPath));
  const difference = new PNG({ width: sheet.width, height: sheet.height });
  const isSameSize = wanted.width === sheet.width && wanted.height === sheet.height;
  if (isSameSize)
    pixelmatch(wanted.data, sheet.data, difference.data, sheet.width, sheet.height, { threshold: 0.1, diffMask: true });
  const others = isSameSize ? tiles.filter((tile) => share(difference, tile) > mostPixelsThatDiffer) : tiles;
  if (others.length > 0) {
    await mkdir(dirname(actualPath), { recursive: true });
    await Promise.all([writeFile(actualPath, data), writeFile(differencePath, PNG.sync.write(difference))]);
  }
  expect(
    others.map(({ look, state }) => `${look}: ${state}`),
    `It is drawn otherwise: look at ${actualPath} and ${differencePath}. If it is meant, run \`UPDATE_SHEET=1 pnpm test:stories\`.`,
  ).toEqual([]);
});

/** Goes on with the colour of the column's edge, where it is shorter than the others. */
function fill(sheet: PNG, left: number, top: number, height: number, { data }: PNG): void {
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + columnWidth; x++) data.copy(sheet.data, (y * sheet.width + x) * 4, 0, 4);
}

/** How much of a tile differs, 0 to 1. */
function share({ data, width }: PNG, { left, top, height }: Tile & { readonly left: number }): number {
  let different = 0;
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + columnWidth; x++) if ((data[(y * width + x) * 4 + 3] ?? 0) > 0) different++;
  return different / (height * columnWidth);
}
