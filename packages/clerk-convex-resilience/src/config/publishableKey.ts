import type { ConfigProblem } from '../core/health.ts';

/** A publishable key, taken apart. */
export interface PublishableKey {
  readonly instance: 'test' | 'live';
  /** Host (and port) of Clerk's Frontend API: `clerk.example.com`. */
  readonly frontendApi: string;
}

/**
 * Reads a Clerk publishable key: `pk_test_` or `pk_live_`, then the Frontend API's host and `$`, in base64.
 * Answers null when it is not one (@clerk/shared `keys.ts`: the host needs a dot).
 */
export function parsePublishableKey(key: unknown): PublishableKey | null {
  if (typeof key !== 'string') return null;
  const match = /^pk_(test|live)_([A-Za-z0-9+/=_-]+)$/.exec(key);
  if (!match) return null;
  try {
    const decoded = atob((match[2] ?? '').replace(/-/g, '+').replace(/_/g, '/'));
    const host = decoded.slice(0, -1);
    if (!decoded.endsWith('$') || host.includes('$') || !host.includes('.')) return null;
    return { instance: match[1] as 'test' | 'live', frontendApi: host };
  } catch {
    return null;
  }
}

/** Null when the key is a key; otherwise what is wrong with it and what to do. A secret key is never shown. `variable`: where an app has it. */
export function checkPublishableKey(key: unknown, variable = 'VITE_CLERK_PUBLISHABLE_KEY'): ConfigProblem | null {
  if (parsePublishableKey(key)) return null;
  const where = 'Copy the publishable key from the API keys page of the Clerk dashboard';
  const option = 'publishableKey';
  const code = 'PUBLISHABLE_KEY_MALFORMED';
  if (key === undefined || key === null || key === '') {
    return {
      option,
      code: 'PUBLISHABLE_KEY_MISSING',
      message: `publishableKey is missing. ${where}, and pass it, usually from an environment variable such as ${variable}.`,
    };
  }
  if (typeof key !== 'string')
    return { option, code, message: `publishableKey is a ${typeof key}, but it must be a string. ${where}.` };
  if (key.startsWith('sk_')) {
    return {
      option,
      code: 'SECRET_KEY_IN_PUBLIC_VARIABLE',
      message: `publishableKey is a secret key. A secret key must never reach a browser: replace it at once (Clerk dashboard, API keys). ${where}.`,
    };
  }
  if (!/^pk_(test|live)_/.test(key))
    return { option, code, message: `publishableKey does not start with pk_test_ or pk_live_. ${where}.` };
  return {
    option,
    code,
    message: `publishableKey does not hold the address of a Clerk instance: it is cut off or mistyped. ${where}.`,
  };
}
