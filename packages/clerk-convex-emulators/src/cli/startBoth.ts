import { createClerkEmulator } from '../clerk/createClerkEmulator.ts';
import type { ClerkEmulator } from '../clerk/types.ts';
import { createConvexEmulator } from '../convex/createConvexEmulator.ts';
import type { ConvexEmulator } from '../convex/types.ts';
import { clerkFlags, convexFlags, nameFlags } from './nameFlags.ts';
import type { CliOptions } from './readCliOptions.ts';

export interface BothEmulators {
  readonly clerk: ClerkEmulator;
  readonly convex: ConvexEmulator;
  readonly hasWebhooks: boolean;
  close(): Promise<void>;
}

/** Starts both, the Convex side knowing the Clerk side as its issuer. Throws `EmulatorError`; leaves nothing open then. */
export async function startBoth(options: CliOptions, onLog: (line: string) => void): Promise<BothEmulators> {
  const { webhookUrl } = options;
  const clerk = await createClerkEmulator(options.clerk).catch((error: unknown) => {
    throw nameFlags(error, clerkFlags);
  });
  try {
    // Before Convex starts: a URL that is none then leaves less to close.
    if (webhookUrl !== undefined && !webhookUrl.startsWith('/')) clerk.webhooks.connect(webhookUrl);
    const convex = await createConvexEmulator({
      ...options.convex,
      // Clerk's guides have called it by either name.
      env: {
        CLERK_JWT_ISSUER_DOMAIN: clerk.issuer,
        CLERK_FRONTEND_API_URL: clerk.issuer,
        CLERK_WEBHOOK_SIGNING_SECRET: clerk.webhooks.secret,
        ...options.convex.env,
      },
      onLog,
    });
    if (webhookUrl?.startsWith('/')) clerk.webhooks.connect(`${convex.siteUrl}${webhookUrl}`);
    return {
      clerk,
      convex,
      hasWebhooks: webhookUrl !== undefined,
      close: async () => void (await Promise.all([clerk.close(), convex.close()])),
    };
  } catch (error) {
    await clerk.close();
    throw nameFlags(error, convexFlags);
  }
}

/** The environment of an app that runs on them, one line a variable. */
export function describeEnvironment({ clerk, convex, hasWebhooks }: BothEmulators): string[] {
  // A page on localhost keeps the cookies of localhost: 127.0.0.1 would be another site.
  const proxyUrl = clerk.url.replace('//127.0.0.1:', '//localhost:');
  const ofPages = { CLERK_PUBLISHABLE_KEY: clerk.publishableKey, CLERK_PROXY_URL: proxyUrl, CONVEX_URL: convex.url };
  const variables = {
    ...Object.fromEntries(
      ['VITE_', 'NEXT_PUBLIC_'].flatMap((prefix) =>
        Object.entries(ofPages).map(([name, value]) => [`${prefix}${name}`, value] as const),
      ),
    ),
    CLERK_SECRET_KEY: clerk.secretKey,
    CLERK_JWT_ISSUER_DOMAIN: clerk.issuer,
    ...(hasWebhooks && { CLERK_WEBHOOK_SIGNING_SECRET: clerk.webhooks.secret }),
  };
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}
