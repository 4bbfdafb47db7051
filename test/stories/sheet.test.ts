import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { states } from '../../stories/support/states.ts';
import { launchChromium } from '../support/chromium.ts';
import { compareSheet, fontCss, type Tile, withFonts } from './pictures.ts';

// Pictures that are kept, and what is drawn now is compared with them. UPDATE_SHEET=1 draws them anew: look at them before
// you commit them.

let browser: Browser;
let fonts: string;
beforeAll(async () => {
  [browser, fonts] = await Promise.all([launchChromium(undefined, { args: ['--disable-lcd-text'] }), fontCss()]);
});
afterAll(() => browser?.close());

async function openStory(id: string, theme: string, language: string, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  const globals = encodeURIComponent(`theme:${theme};language:${language};a11y.manual:!true`);
  await page.goto(`${inject('storybook').url}iframe.html?viewMode=story&id=${id}&globals=${globals}`);
  return page;
}

// One picture of every state, in two themes and four languages: the README shows it.
const columnWidth = 340;
const themes = ['light', 'dark'] as const;
const languages = ['en', 'ru', 'bn', 'ar'] as const;

interface Column {
  readonly image: PNG;
  readonly tiles: readonly { readonly state: string; readonly top: number; readonly height: number }[];
}

async function drawColumn(theme: string, language: string): Promise<Column> {
  const page = await openStory('autherrorhandler-at-a-glance--all-states', theme, language, columnWidth);
  try {
    await expect.poll(() => page.locator('[data-aged=true]').count()).toBe(Object.keys(states).length);
    await withFonts(page, fonts);
    const tiles = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[data-state]')].map((tile) => {
        const { top, height } = tile.getBoundingClientRect();
        return { state: tile.dataset.state ?? '', top: Math.round(top + scrollY), height: Math.round(height) };
      }),
    );
    const image = PNG.sync.read(await page.locator('main').screenshot());
    return { image, tiles };
  } finally {
    await page.close();
  }
}

it('has every state drawn as the sheet of the README shows it', async () => {
  const rows = await Promise.all(
    themes.map((theme) => Promise.all(languages.map((language) => drawColumn(theme, language)))),
  );
  const heights = rows.map((row) => Math.max(...row.map(({ image }) => image.height)));
  const sheet = new PNG({ width: columnWidth * languages.length, height: heights.reduce((a, b) => a + b) });
  const tiles: Tile[] = [];
  let top = 0;
  for (const [y, row] of rows.entries()) {
    for (const [x, { image, tiles: own }] of row.entries()) {
      const left = x * columnWidth;
      fill(sheet, left, top, heights[y] ?? 0, image);
      PNG.bitblt(image, sheet, 0, 0, columnWidth, image.height, left, top);
      for (const { state, ...tile } of own) {
        const name = `${themes[y]} ${languages[x]}: ${state}`;
        tiles.push({ name, left, width: columnWidth, height: tile.height, top: tile.top + top });
      }
    }
    top += heights[y] ?? 0;
  }
  expect(tiles).toHaveLength(themes.length * languages.length * Object.keys(states).length);
  await compareSheet('docs/images/states.png', sheet, tiles);
});

/** Goes on with the colour of the column's edge, where it is shorter than the others. */
function fill(sheet: PNG, left: number, top: number, height: number, { data }: PNG): void {
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + columnWidth; x++) data.copy(sheet.data, (y * sheet.width + x) * 4, 0, 4);
}
