import { escapeHtml } from './escapeHtml.ts';

/** A page that needs nothing else: no script, no image, no font. `body` is HTML. */
export function htmlPage(page: {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly title: string;
  readonly body: string;
  /** When and where the browser asks again by itself (an empty address is this page's own); absent: it does not. */
  readonly refresh?: { readonly afterSeconds: number; readonly at: string } | undefined;
}): string {
  const { lang, dir, title, body, refresh } = page;
  const again = refresh && `${refresh.afterSeconds}${refresh.at && `;url=${refresh.at}`}`;
  return [
    `<!doctype html><html lang="${escapeHtml(lang)}" dir="${dir}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">',
    again === undefined ? '' : `<meta http-equiv="refresh" content="${escapeHtml(again)}">`,
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`,
  ].join('');
}

const style =
  ':root{color-scheme:light dark}body{margin:0;font:1rem/1.5 system-ui,sans-serif}' +
  'main{max-width:36rem;margin:12vh auto;padding:0 1.5rem;overflow-wrap:anywhere}' +
  'h1{font-size:1.5rem;line-height:1.25}article{margin-block:2rem}code{font-family:ui-monospace,monospace}';
