import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { languages, messagesOf } from '../../stories/support/languages.ts';
import { launchChromium } from '../support/chromium.ts';
import { openFrame, play, turn } from './frame.ts';
import { fontCss, withFonts } from './pictures.ts';

// Every language on the narrowest screen, and what a person may have set: forced colours, less motion, a zoom of 400 %.

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launchChromium();
  page = await openFrame(browser, inject('storybook').url);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await withFonts(page, await fontCss());
  await show('banner--offline'); // what is not shown cannot be turned
});
afterAll(() => browser?.close());

const show = async (story: string): Promise<void> => {
  expect(await play(page, `autherrorhandler-${story}`)).toEqual({ status: 'success', problem: '' });
};

/** What stands out of its panel or of the screen, in pixels. */
const whatStandsOut = (): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-kind] > .ccr-panel')].flatMap((panel) => {
      const { left, right } = panel.getBoundingClientRect();
      const inside = [...panel.querySelectorAll<HTMLElement>('*')].filter((part) => part.getClientRects().length > 0);
      const out = inside.filter((part) => {
        const box = part.getBoundingClientRect();
        return box.left < left - 1 || box.right > right + 1 || part.scrollWidth > part.clientWidth + 1;
      });
      const outOfScreen = left < -1 || right > innerWidth + 1 ? [`the panel from ${left} to ${right}`] : [];
      return [...outOfScreen, ...out.map((part) => `${part.className}: ${part.textContent}`)];
    }),
  );

// The panel of an inline notice is 280 px wide, and the page a little more.
const narrow = [
  ['at-a-glance--all-states', 312],
  ['banner--recovering', 280],
  ['banner--misconfigured', 280],
  ['toast--recovering', 280],
  ['toast--misconfigured', 280],
  ['dialog--recovering', 280],
  ['dialog--misconfigured', 280],
] as const;
/** All of them have every text; `STORIES=brief`: of the variants each has every third language, in turn. */
const languagesOf = (at: number) =>
  languages.filter((_, i) => at === 0 || process.env.STORIES !== 'brief' || i % 3 === at % 3);

describe('on a screen of 280 px nothing stands out of it', () => {
  it.each(narrow.map(([story, width], at) => [story, width, languagesOf(at)] as const))(
    '%s in each language',
    async (story, width, inLanguages) => {
      await page.setViewportSize({ width, height: 640 });
      await turn(page, { theme: 'light', language: 'en' });
      await show(story);
      for (const { value: language } of inLanguages) {
        await turn(page, { theme: 'light', language });
        await page.getByText(messagesOf(language).retry).first().waitFor();
        expect({ language, out: await whatStandsOut() }).toEqual({ language, out: [] });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect({ language, overflow: Math.max(0, overflow) }).toEqual({ language, overflow: 0 });
      }
    },
  );
});

it.each(['banner--misconfigured', 'banner--recovering', 'toast--session-ended', 'dialog--recovering'])(
  'has no button over another one: %s',
  async (story) => {
    await turn(page, { theme: 'light', language: 'de' });
    await show(story);
    for (const width of [280, 700, 1280]) {
      await page.setViewportSize({ width, height: 640 });
      const covered = await page.locator('.ccr-root :is(button, a)').evaluateAll((parts) =>
        parts.flatMap((part) => {
          const { left, right, top, bottom } = part.getBoundingClientRect();
          const corners = [left + 4, right - 4].flatMap((x) => [top + 4, bottom - 4].map((y) => [x, y] as const));
          const others = corners.map(([x, y]) => document.elementFromPoint(x, y)).filter((it) => !part.contains(it));
          return others.map((other) => `${part.className} under ${other?.className}`);
        }),
      );
      expect({ width, covered }).toEqual({ width, covered: [] });
    }
  },
);

// 1280 x 1024 at 400 %.
it.each([
  'banner--misconfigured',
  'toast--misconfigured',
  'dialog--misconfigured',
  'banner--misconfigured-in-development',
])('can be read to its end on a screen of 320 x 256 px: %s', async (story) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await turn(page, { theme: 'light', language: 'de' });
  await show(story);
  const last = page.locator('.ccr-actions > :last-child');
  await last.scrollIntoViewIfNeeded();
  const box = await last.boundingBox();
  expect(box?.y).toBeGreaterThanOrEqual(0);
  expect((box?.y ?? 0) + (box?.height ?? 999)).toBeLessThanOrEqual(256);
  await page.locator('.ccr-title').scrollIntoViewIfNeeded();
  expect((await page.locator('.ccr-title').boundingBox())?.y).toBeGreaterThanOrEqual(0);
});

// A browser's zoom of 200 % is a screen of half the width; some enlarge the text alone.
it.each([
  'banner--recovering',
  'banner--misconfigured',
  'inline--misconfigured',
  'toast--recovering',
  'dialog--recovering',
])('stands in its place with text that is twice as large: %s', async (story) => {
  await turn(page, { theme: 'light', language: 'de' });
  await show(story);
  const style = await page.addStyleTag({ content: 'html { font-size: 200% }' });
  for (const width of [1280, 640]) {
    await page.setViewportSize({ width, height: 800 });
    const size = await page.locator('.ccr-title').evaluate((title) => getComputedStyle(title).fontSize);
    expect({ width, size, out: await whatStandsOut() }).toEqual({ width, size: '26px', out: [] });
    const last = page.locator('.ccr-actions > :last-child');
    await last.scrollIntoViewIfNeeded();
    const box = await last.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 999)).toBeLessThanOrEqual(800);
  }
  await style.evaluate((element) => (element as HTMLElement).remove());
});

it('keeps its borders, its mark and the ring of the focus in forced colours', async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await turn(page, { theme: 'light', language: 'en' });
  await show('banner--overloaded');
  await page.emulateMedia({ forcedColors: 'active' });
  await page.keyboard.press('Tab');
  const look = await page.evaluate(() => {
    const of = (selector: string, pseudo?: string) =>
      getComputedStyle(document.querySelector(selector) as Element, pseudo);
    const background = of('.ccr-panel').backgroundColor;
    const primary = of('.ccr-primary');
    return {
      isForced: matchMedia('(forced-colors: active)').matches,
      markIsSeen: of('.ccr-panel', '::before').borderTopColor !== background,
      panelHasEdge: of('.ccr-panel').borderBottomColor !== background,
      buttonHasEdge: primary.borderTopColor !== background && primary.borderTopColor !== primary.backgroundColor,
      ring: [primary.outlineStyle, primary.outlineColor !== background],
      focused: document.activeElement?.className,
    };
  });
  await page.emulateMedia({ forcedColors: 'none' });
  expect(look).toEqual({
    isForced: true,
    markIsSeen: true,
    panelHasEdge: true,
    buttonHasEdge: true,
    ring: ['solid', true],
    focused: 'ccr-button ccr-primary',
  });
});

it('fades in, and does not where less motion is wanted', async () => {
  const motion = async (reducedMotion: 'no-preference' | 'reduce') => {
    await page.emulateMedia({ reducedMotion });
    return page.evaluate(
      () => getComputedStyle(document.querySelector('[data-kind] > .ccr-panel') as Element).animationName,
    );
  };
  expect([await motion('no-preference'), await motion('reduce')]).toEqual(['ccr-in', 'none']);
});
