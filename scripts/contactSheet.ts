// Takes the picture of all states that the README shows: docs/images/states.png. Needs fonts that have Cyrillic, Bengali
// and Arabic letters (Debian: fonts-noto-core).
//   npx tsx scripts/contactSheet.ts
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { serveStorybook } from '../test/stories/serveStorybook.ts';
import { launchChromium } from '../test/support/chromium.ts';

const columns = [
  { title: 'English', language: 'en', theme: 'light' },
  { title: 'English, dark', language: 'en', theme: 'dark' },
  { title: 'Русский', language: 'ru', theme: 'light' },
  { title: 'বাংলা', language: 'bn', theme: 'light' },
  { title: 'العربية', language: 'ar', theme: 'dark' },
] as const;
const width = 340;

const page = `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 20px; background: #fff; font: 600 13px/1.4 system-ui; color: #212126; }
  table { border-spacing: 10px; }
  th { text-align: start; }
  td { width: ${width}px; padding: 12px; vertical-align: top; border-radius: 8px; background: #f3f3f5; }
  td.dark { background: #131316; }
  img { display: block; width: 100%; }
</style>`;

async function main(): Promise<void> {
  const storybook = await serveStorybook();
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({
      reducedMotion: 'reduce',
      deviceScaleFactor: 2,
      viewport: { width: width + 32, height: 900 },
    });
    const frame = await context.newPage();
    const stories = storybook.stories.filter(({ title }) => title === 'AuthErrorHandler/Inline');
    const rows: string[] = [];
    for (const { id } of stories) {
      const cells: string[] = [];
      for (const { language, theme } of columns) {
        const globals = `theme:${theme};language:${language}`;
        await frame.goto(`${storybook.url}/iframe.html?viewMode=story&id=${id}&globals=${globals}`);
        const panel = frame.locator('[data-kind] > .ccr-panel');
        await panel.waitFor();
        await frame.waitForTimeout(300); // the page of the story grows as old as it is to be
        const image = (await panel.screenshot()).toString('base64');
        cells.push(`<td class="${theme}"><img alt="" src="data:image/png;base64,${image}"></td>`);
      }
      rows.push(`<tr>${cells.join('')}</tr>`);
    }
    const head = columns.map(({ title }) => `<th>${title}</th>`).join('');
    const sheet = await browser.newPage({ deviceScaleFactor: 1, viewport: { width: 1_900, height: 800 } });
    await sheet.setContent(`${page}<table><tr>${head}</tr>${rows.join('')}</table>`);
    const file = fileURLToPath(new URL('../docs/images/states.png', import.meta.url));
    await mkdir(new URL('.', `file://${file}`), { recursive: true });
    await writeFile(file, await sheet.screenshot({ fullPage: true }));
    console.log(`${stories.length} states in ${columns.length} looks: ${file}`);
  } finally {
    await browser.close();
    storybook.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
