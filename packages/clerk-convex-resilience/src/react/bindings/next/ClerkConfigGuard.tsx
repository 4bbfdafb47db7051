import type { ReactNode } from 'react';
import { checkConvexUrl } from '../../../config/convexUrl.ts';
import { checkPublishableKey } from '../../../config/publishableKey.ts';
import type { ConfigProblem } from '../../../core/health.ts';
import { GuardedApp, type GuardedAppProps } from '../../../next.client.ts';
import { isDevelopment } from '../../isDevelopment.ts';
import { ConfigBanner } from './ConfigBanner.tsx';

export type ClerkConfigGuardProps = Omit<GuardedAppProps, 'publishableKey'> & {
  /** Clerk's publishable key. @defaultValue `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY` */
  readonly publishableKey?: string | undefined;
  /** URL of the Convex deployment. @defaultValue `NEXT_PUBLIC_CONVEX_URL` */
  readonly convexUrl?: string | undefined;
  /**
   * What to render when a key or the URL is missing or malformed. Below it `useAuthHealth()` is `unconfigured`, and Convex
   * answers as to a visitor; Clerk's own hooks and components throw there, as they do outside of Clerk's provider.
   * @defaultValue the children
   */
  readonly fallback?: ReactNode;
  /** Say on top of the page what has to be set, while developing. Never in production. @defaultValue true */
  readonly banner?: boolean | undefined;
};

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/**
 * For `app/layout.tsx`, around what is in `<body>`: Clerk and Convex where they are configured, and the public part of the app
 * where they are not, in place of an error on every page. A server component; it reads no request, so pages stay static.
 * Never throws for a setting.
 */
export async function ClerkConfigGuard({
  // Written out: Next.js puts the value in the place of exactly these words (next 16.4, define-env).
  publishableKey: givenKey = process.env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
  convexUrl: givenUrl = process.env.NEXT_PUBLIC_CONVEX_URL,
  fallback,
  banner = true,
  children,
  ...rest
}: ClerkConfigGuardProps): Promise<ReactNode> {
  // A file with a setting in it ends in a newline.
  const [publishableKey, convexUrl] = [givenKey?.trim(), givenUrl?.trim()];
  const problems = [checkPublishableKey(publishableKey), checkConvexUrl(convexUrl)].filter((it) => it !== null);
  return (
    <>
      {banner && isDevelopment() && (await bannerOf(problems, { publishableKey, convexUrl }))}
      <GuardedApp
        {...rest}
        publishableKey={handedOver('publishableKey', publishableKey, problems)}
        convexUrl={handedOver('convexUrl', convexUrl, problems)}
        fallback={problems.length > 0 ? (fallback ?? children) : null}
      >
        {problems.length > 0 ? null : children}
      </GuardedApp>
    </>
  );
}

/** Loaded where it is shown: no production server needs the prose. */
async function bannerOf(
  problems: readonly ConfigProblem[],
  given: { readonly publishableKey: string | undefined; readonly convexUrl: string | undefined },
): Promise<ReactNode> {
  const { configAdvice } = await import('./configAdvice.ts');
  const advice = configAdvice(problems, given);
  return advice.length > 0 && <ConfigBanner advice={advice} />;
}

/**
 * What a client component gets is in the page, and what is no key or no URL may be a secret that was set in its place: of that
 * goes no more than what it was taken for.
 */
const handedOver = (
  option: string,
  value: string | undefined,
  problems: readonly ConfigProblem[],
): string | undefined => {
  if (!value || problems.every((problem) => problem.option !== option)) return value;
  return /\bsk_/.test(value) ? 'sk_' : 'malformed';
};
