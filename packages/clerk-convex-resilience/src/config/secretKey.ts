/**
 * Of which kind of instance a Clerk secret key is; null when it is none. How long a key is, Clerk does not say. What a quote, a
 * space or a line break has got into is none.
 */
export const instanceOfSecretKey = (key: string): 'test' | 'live' | null =>
  (/^sk_(test|live)_[\w-]+$/.exec(key)?.[1] as 'test' | 'live' | undefined) ?? null;
