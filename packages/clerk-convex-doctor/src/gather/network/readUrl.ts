/** An http or https URL without what is nobody's business: credentials, query, fragment. Null: it is none. */
export function readUrl(text: string | undefined): URL | null {
  try {
    const url = new URL(text?.trim() ?? '');
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
    url.username = url.password = url.search = url.hash = '';
    return url;
  } catch {
    return null;
  }
}

/** A path below a URL: `https://a.example/b/` and `/c` make `https://a.example/b/c`. */
export function below(base: URL, path: string): URL {
  const url = new URL(base);
  const [pathname = '', search = ''] = path.split('?');
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${pathname.replace(/^\/+/, '')}`;
  url.search = search;
  return url;
}
