import { escapeHtml } from './escapeHtml.ts';

/** A page that needs nothing else: no script, no image, no font. `body` is HTML. */
export function htmlPage(page: {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly title: string;
  readonly body: string;
  /** After so many seconds the browser asks again by itself; absent: it does not. */
  readonly refreshSeconds?: number | undefined;
}): string {
  const { lang, dir, title, body, refreshSeconds } = page;
  return [
    `<!doctype html><html lang="${escapeHtml(lang)}" dir="${dir}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">',
    refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">`,
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`,
  ].join('');
}

const style =
  ':root{color-scheme:light dark}body{margin:0;font:1rem/1.5 system-ui,sans-serif}' +
  'main{max-width:36rem;margin:12vh auto;padding:0 1.5rem;overflow-wrap:anywhere}' +
  'h1{font-size:1.5rem;line-height:1.25}article{margin-block:2rem}code{font-family:ui-monospace,monospace}';
