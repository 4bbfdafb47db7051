import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { messagesOf } from '../../stories/support/languages.ts';
import { states, titleOf } from '../../stories/support/states.ts';
import { launchChromium } from '../support/chromium.ts';
import { openFrame, play, turn } from './frame.ts';

// Each story is rendered and played once, and then looked at in every theme, direction and width. `STORIES=brief`: in one
// look each, in turn.
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const looks = (['light', 'dark'] as const).flatMap((theme) =>
  // Right to left in Arabic, as people meet it.
  (['en', 'ar'] as const).flatMap((language) => [320, 1280].map((width) => ({ theme, language, width }))),
);

const isBrief = process.env.STORIES === 'brief';
/** In which looks a story is looked at. Stories of a variant stand side by side, so a variant meets every look. */
const looksOf = (at: number) => looks.filter((_, i) => !isBrief || i === at % looks.length);

const pagesAtOnce = 4;
vi.setConfig({ maxConcurrency: pagesAtOnce });

const storybook = inject('storybook');
let browser: Browser;
const frames: Page[] = [];
beforeAll(async () => {
  browser = await launchChromium();
  for (let i = 0; i < pagesAtOnce; i++) frames.push(await openPage());
});
afterAll(async () => {
  await browser?.close();
});

async function openPage(): Promise<Page> {
  const page = await openFrame(browser, storybook.url);
  await page.evaluate(axe.source);
  return page;
}

const violations = (page: Page): Promise<string[]> =>
  page.evaluate(async (levels) => {
    interface Axe {
      run(options: object): Promise<{
        violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
      }>;
    }
    const { violations } = await (Reflect.get(window, 'axe') as Axe).run({ runOnly: levels });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
  }, levels);

/** The state that a story of a variant shows. */
const stateOf = (title: string, name: string) =>
  /^AuthErrorHandler\/(Banner|Inline|Dialog|Toast)$/.test(title)
    ? Object.entries(states).find(([state]) => state.toLowerCase() === name.replaceAll(' ', '').toLowerCase())?.[1]
    : undefined;

describe.concurrent(`the ${storybook.stories.length} stories`, () => {
  it.each(storybook.stories.map((story, at) => [`${story.title}: ${story.name}`, story, looksOf(at)] as const))(
    '%s',
    async (_, story, looks) => {
      const page = frames.pop() ?? (await openPage());
      const state = stateOf(story.title, story.name);
      try {
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.emulateMedia({ reducedMotion: 'no-preference' }); // it is played as a designer sees it
        expect(await play(page, story.id)).toEqual({ status: 'success', problem: '' });
        await page.emulateMedia({ reducedMotion: 'reduce' }); // nothing is half there when it is looked at
        for (const look of looks) {
          await page.setViewportSize({ width: look.width, height: 800 });
          await turn(page, look);
          expect({ ...look, violations: await violations(page) }).toEqual({ ...look, violations: [] });
          if (state) {
            const title = page.getByRole(state.role).getByText(titleOf(state, messagesOf(look.language)));
            expect({ ...look, isShown: await title.isVisible() }).toEqual({ ...look, isShown: true });
          }
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect({ ...look, overflow: Math.max(0, overflow) }).toEqual({ ...look, overflow: 0 });
        }
      } finally {
        frames.push(page);
      }
    },
  );
});

it('looks at every variant in every look', () => {
  for (const variant of ['Banner', 'Inline', 'Dialog', 'Toast']) {
    const met = storybook.stories.flatMap(({ title }, at) => (title.endsWith(`/${variant}`) ? looksOf(at) : []));
    expect(new Set(met)).toEqual(new Set(looks));
  }
});

it('has a story of every state in every variant', () => {
  const shown = storybook.stories.flatMap(({ title, name }) => {
    const state = stateOf(title, name);
    return state ? [`${title} ${state.kind}`] : [];
  });
  const wanted = ['Banner', 'Inline', 'Dialog', 'Toast'].flatMap((variant) =>
    Object.values(states).map(({ kind }) => `AuthErrorHandler/${variant} ${kind}`),
  );
  expect(shown.sort()).toEqual(wanted.sort());
  const inLooks = isBrief ? `in one of ${looks.length} looks, in turn` : `in ${looks.length} looks`;
  console.log(`${storybook.stories.length} stories, each ${inLooks}.`);
});

it.each(storybook.docs.map(({ id, title }) => [title, id] as const))('the page %s can be read', async (_, id) => {
  const page = await browser.newPage();
  try {
    await page.goto(`${storybook.url}iframe.html?viewMode=docs&id=${id}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('cell').count()).toBeGreaterThan(5);
    expect(await page.getByText(/^\s*\|/).count()).toBe(0); // a table that was taken for text
  } finally {
    await page.close();
  }
});
