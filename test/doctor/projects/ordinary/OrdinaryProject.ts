import type { FindingCode } from 'clerk-convex-resilience/diagnosis';
import type { FileMap } from '../CleanProject.ts';
import { authConfig, convexFolder, deploymentLine } from '../convexFolder.ts';
import { json, packageJson, type Versions } from '../installed.ts';
import { convexUrl, publishableKey, secretKey } from '../instance.ts';
import { convexClientProvider, layout, nextGitignore, nextVersions } from '../next.ts';

/** A project in which nothing is wrong, built as people build them, and not as a guide does. */
export interface OrdinaryProject {
  readonly name: string;
  readonly files: FileMap;
  /** As `--env-file`. */
  readonly envFile?: string;
  /** What cannot be seen from the files alone, and so is said with a warning, never as an error. @defaultValue nothing */
  readonly doubts?: readonly FindingCode[];
}

export const older = {
  '@clerk/nextjs': '6.36.5',
  convex: '1.31.2',
  next: '15.5.9',
  react: '19.1.1',
  'react-dom': '19.1.1',
};

export const keys = `NEXT_PUBLIC_CONVEX_URL=${convexUrl}
NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=${publishableKey}
CLERK_SECRET_KEY=${secretKey}
`;

export const bareKeys = `${deploymentLine}NEXT_PUBLIC_CONVEX_URL=${convexUrl}
CLERK_PUBLISHABLE_KEY=${publishableKey}
CLERK_SECRET_KEY=${secretKey}
`;

/** Next.js with its source in `src`, and no table of users. */
export const next = (more: FileMap, installed: Versions = nextVersions, convex = 'convex/'): FileMap => ({
  '.gitignore': nextGitignore,
  'package.json': packageJson('chat', installed),
  'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
  'src/components/ConvexClientProvider.tsx': convexClientProvider,
  'src/app/layout.tsx': layout,
  'src/app/globals.css': '',
  ...functions(convex),
  ...more,
});

/** Messages, and nothing of users. */
export function functions(folder: string, config = authConfig('CLERK_JWT_ISSUER_DOMAIN')): FileMap {
  const all = convexFolder(folder, { style: 'no_webhook', authConfig: config });
  return {
    [`${folder}auth.config.ts`]: all[`${folder}auth.config.ts`] ?? '',
    [`${folder}messages.ts`]: all[`${folder}messages.ts`] ?? '',
    [`${folder}schema.ts`]: `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ messages: defineTable({ author: v.string(), body: v.string() }) });
`,
  };
}

export const viteMain = `import { ClerkProvider, useAuth } from "@clerk/react";
import { ConvexReactClient } from "convex/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);
export const Root = () => (
  <ClerkProvider publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY}>
    <ConvexProviderWithClerk client={convex} useAuth={useAuth} />
  </ClerkProvider>
);
`;
