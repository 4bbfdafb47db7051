/** The environment variables; none where there is no `process` (Cloudflare Workers without `nodejs_compat`). */
export const environment = (): Readonly<Record<string, string | undefined>> =>
  (globalThis as { readonly process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
