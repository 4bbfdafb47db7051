import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { messagesOf } from '../../stories/support/languages.ts';
import { states } from '../../stories/support/states.ts';
import { launchChromium } from '../support/chromium.ts';

// Each story is rendered and played once, and then looked at in every theme, direction and width.
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const looks = (['light', 'dark'] as const).flatMap((theme) =>
  // Right to left in Arabic, as people meet it.
  (['en', 'ar'] as const).flatMap((language) => [320, 1280].map((width) => ({ theme, language, width }))),
);

const pagesAtOnce = 4;
vi.setConfig({ maxConcurrency: pagesAtOnce });

const storybook = inject('storybook');
let browser: Browser;
/** Frames that nobody is looking at: each shows one story after the other. */
const frames: Page[] = [];
beforeAll(async () => {
  browser = await launchChromium();
  for (let i = 0; i < pagesAtOnce; i++) frames.push(await openFrame());
});
afterAll(async () => {
  await browser?.close();
});

interface Finished {
  readonly status: string;
  readonly problem: string;
}

/**
 * Opens the frame that stories are rendered in. The addon's own axe waits to be asked, as two do not run at once.
 */
async function openFrame(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${storybook.url}iframe.html?viewMode=story`);
  await page.waitForFunction(() => '__STORYBOOK_ADDONS_CHANNEL__' in window);
  await page.evaluate(() => {
    const channel = Reflect.get(window, '__STORYBOOK_ADDONS_CHANNEL__') as { emit(event: string, what: object): void };
    channel.emit('updateGlobals', { globals: { a11y: { manual: true } } });
  });
  await page.evaluate(axe.source);
  return page;
}

/** Renders and plays a story. What it throws is the answer's problem. */
const play = (page: Page, storyId: string): Promise<Finished> =>
  page.evaluate(
    (id) =>
      new Promise<Finished>((resolve) => {
        interface Channel {
          on(event: string, listener: (payload: never) => void): void;
          off(event: string, listener: (payload: never) => void): void;
          emit(event: string, payload: object): void;
        }
        const channel = Reflect.get(window, '__STORYBOOK_ADDONS_CHANNEL__') as Channel;
        let problem = '';
        const note = (error: { readonly message?: string; readonly description?: string }) => {
          problem ||= error.message ?? error.description ?? 'an error without a message';
        };
        const heard: [event: string, listener: (payload: never) => void][] = [
          ['storyErrored', note],
          ['storyThrewException', note],
          ['playFunctionThrewException', note],
          ['unhandledErrorsWhilePlaying', note],
          ['storyMissing', () => end('missing')],
          ['storyFinished', ({ status }: { readonly status: string }) => end(status)],
        ];
        const end = (status: string) => {
          for (const [event, listener] of heard) channel.off(event, listener);
          resolve({ status, problem });
        };
        for (const [event, listener] of heard) channel.on(event, listener);
        channel.emit('setCurrentStory', { storyId: id, viewMode: 'story' });
      }),
    storyId,
  );

/** Turns the toolbar, and waits until the story is rendered so. */
const turn = (page: Page, globals: { readonly theme: string; readonly language: string }): Promise<void> =>
  page.evaluate(
    (globals) =>
      new Promise<void>((resolve) => {
        interface Channel {
          once(event: string, listener: () => void): void;
          emit(event: string, payload: object): void;
        }
        const channel = Reflect.get(window, '__STORYBOOK_ADDONS_CHANNEL__') as Channel;
        channel.once('storyRendered', () => requestAnimationFrame(() => resolve()));
        channel.emit('updateGlobals', { globals });
      }),
    globals,
  );

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
  it.each(storybook.stories.map((story) => [`${story.title}: ${story.name}`, story] as const))(
    '%s',
    async (_, story) => {
      const page = frames.pop() ?? (await openFrame());
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
            const title = page.getByRole(state.role).getByText(messagesOf(look.language)[state.title] as string);
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

it('has a story of every state in every variant', () => {
  const shown = storybook.stories.flatMap(({ title, name }) => {
    const state = stateOf(title, name);
    return state ? [`${title} ${state.kind}`] : [];
  });
  const wanted = ['Banner', 'Inline', 'Dialog', 'Toast'].flatMap((variant) =>
    Object.values(states).map(({ kind }) => `AuthErrorHandler/${variant} ${kind}`),
  );
  expect(shown.sort()).toEqual(wanted.sort());
  console.log(`${storybook.stories.length} stories, each in ${looks.length} looks.`);
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
