import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { states } from '../../stories/support/states.ts';
import { launchChromium } from '../support/chromium.ts';
import { openFrame, play, turn } from './frame.ts';
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
      // Not its last row, which may be half of what is below it.
      PNG.bitblt(image, sheet, 0, 0, columnWidth, image.height - 1, left, top);
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

// The variants that lie over a page, which the picture of the README does not show: each at its widest and its narrowest.
const variants = ['banner', 'toast', 'dialog'] as const;
const widths = [700, 280] as const;
const variantLooks = [
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'de' },
  { theme: 'light', language: 'ar' },
] as const;
const shownStates = ['recovering', 'misconfigured', 'session-ended', 'back-online'] as const;
/** Of a tile, with the shadow around the panel. */
const tileSize = { width: 700, height: 320 };

/** What one look comes to: a tile for each variant, state and width, in this order. */
async function drawLook(look: (typeof variantLooks)[number]): Promise<PNG[]> {
  const page = await openFrame(browser, inject('storybook').url);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await withFonts(page, fonts);
  // Its text is in the fonts of this machine.
  await page.addStyleTag({ content: 'main > * { visibility: hidden }' });
  await play(page, 'autherrorhandler-banner--offline'); // what is not shown cannot be turned
  await turn(page, look);
  const images: PNG[] = [];
  for (const variant of variants) {
    for (const state of shownStates) {
      expect(await play(page, `autherrorhandler-${variant}--${state}`)).toEqual({ status: 'success', problem: '' });
      for (const width of widths) {
        await page.setViewportSize({ width, height: tileSize.height });
        images.push(PNG.sync.read(await page.screenshot()));
      }
    }
  }
  await page.context().close();
  return images;
}

it('has every variant drawn as it was, wide and narrow', async () => {
  const looks = await Promise.all(variantLooks.map(drawLook));
  const columns = widths[0] + widths[1];
  const rows = variants.length * shownStates.length;
  const sheet = new PNG({ width: columns * variantLooks.length, height: rows * tileSize.height });
  const tiles: Tile[] = [];
  for (const [x, images] of looks.entries()) {
    for (const [at, image] of images.entries()) {
      const row = Math.floor(at / widths.length);
      const isNarrow = at % widths.length === 1;
      const left = x * columns + (isNarrow ? widths[0] : 0);
      const top = row * tileSize.height;
      PNG.bitblt(image, sheet, 0, 0, image.width, image.height, left, top);
      const what = `${variants[Math.floor(row / shownStates.length)]} ${shownStates[row % shownStates.length]}`;
      const { theme, language } = variantLooks[x] as (typeof variantLooks)[number];
      tiles.push({
        name: `${theme} ${language}: ${what}, ${image.width} px`,
        left,
        top,
        width: image.width,
        height: image.height,
      });
    }
  }
  expect(tiles).toHaveLength(variants.length * shownStates.length * widths.length * variantLooks.length);
  await compareSheet('test/stories/variants.png', sheet, tiles);
});
