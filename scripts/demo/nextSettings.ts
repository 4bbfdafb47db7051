import type { EmulatorPair } from './emulatorPair.ts';

/** The environment of a Next.js app on a pair of emulators, as `.env.local` would hold it. */
export function nextSettings(
  { clerk, convex }: Pick<EmulatorPair, 'clerk' | 'convex'>,
  /** Of `@clerk/nextjs`: 6 loads the clerk-js before the one that 7 loads. */
  clerkMajor = 7,
): Record<string, string> {
  // A page on localhost keeps the cookies of localhost: 127.0.0.1 would be another site.
  const proxyUrl = clerk.url.replace('//127.0.0.1:', '//localhost:');
  return {
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: clerk.publishableKey,
    CLERK_SECRET_KEY: clerk.secretKey,
    NEXT_PUBLIC_CONVEX_URL: convex.url,
    CLERK_WEBHOOK_SIGNING_SECRET: clerk.webhooks.secret,
    // What only an emulator needs: where its Frontend API, its Backend API and its copies of Clerk's scripts are.
    NEXT_PUBLIC_CLERK_PROXY_URL: proxyUrl,
    NEXT_PUBLIC_CLERK_JS_URL: `${proxyUrl}/npm/@clerk/clerk-js@${clerkMajor - 1}/dist/clerk.browser.js`,
    NEXT_PUBLIC_CLERK_UI_URL: `${proxyUrl}/npm/@clerk/ui@1/dist/ui.browser.js`,
    CLERK_API_URL: clerk.url,
    NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1',
    NEXT_TELEMETRY_DISABLED: '1',
  };
}
