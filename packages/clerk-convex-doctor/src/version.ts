import { readFileSync } from 'node:fs';

/** Of this package. The manifest is one folder up, from src/ and from dist/. */
export const doctorVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string })
    .version;
