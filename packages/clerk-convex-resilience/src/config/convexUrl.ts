import type { ConfigProblem } from '../core/health.ts';

/** Null when it is the URL of a Convex deployment; otherwise what is wrong with it and what to do. `variable`: where an app has it. */
export function checkConvexUrl(value: unknown, variable = 'VITE_CONVEX_URL'): ConfigProblem | null {
  const option = 'convexUrl';
  const code = 'CONVEX_URL_MALFORMED';
  const where = 'It looks like https://happy-animal-123.convex.cloud: `npx convex dev` writes it to .env.local';
  if (value === undefined || value === null || value === '') {
    return {
      option,
      code: 'CONVEX_URL_MISSING',
      message: `convexUrl is missing. ${where}, usually as ${variable}.`,
    };
  }
  if (typeof value !== 'string')
    return { option, code, message: `convexUrl is a ${typeof value}, but it must be a string. ${where}.` };
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return { option, code, message: `convexUrl is ${JSON.stringify(value)}, which is no URL. ${where}.` };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return {
      option,
      code,
      message: `convexUrl is ${JSON.stringify(value)}, but it must begin with https:// (or http:// for a local deployment). ${where}.`,
    };
  }
  if (url.hostname.endsWith('.convex.site')) {
    return {
      option,
      code,
      message: `convexUrl is ${JSON.stringify(value)}, which is where HTTP actions are served. The deployment's URL ends in .convex.cloud.`,
    };
  }
  return null;
}
