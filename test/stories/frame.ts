import type { Browser, Page } from 'playwright-core';

// The frame that Storybook renders stories in, which nobody is looking at: it shows one story after the other.

interface Finished {
  readonly status: string;
  readonly problem: string;
}

/**
 * Opens the frame that stories are rendered in. The addon's own axe waits to be asked, as two do not run at once.
 */
export async function openFrame(browser: Browser, storybookUrl: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${storybookUrl}iframe.html?viewMode=story`);
  await page.waitForFunction(() => '__STORYBOOK_ADDONS_CHANNEL__' in window);
  await page.evaluate(() => {
    const channel = Reflect.get(window, '__STORYBOOK_ADDONS_CHANNEL__') as { emit(event: string, what: object): void };
    channel.emit('updateGlobals', { globals: { a11y: { manual: true } } });
  });
  return page;
}

/** Renders and plays a story. What it throws is the answer's problem. */
export const play = (page: Page, storyId: string): Promise<Finished> =>
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
export const turn = (page: Page, globals: { readonly theme: string; readonly language: string }): Promise<void> =>
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
