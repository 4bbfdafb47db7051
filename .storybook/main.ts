import { fileURLToPath } from 'node:url';
import type { StorybookConfig } from '@storybook/react-vite';
import remarkGfm from 'remark-gfm';
import { mergeConfig } from 'vite';

const source = (path: string) =>
  fileURLToPath(new URL(`../packages/clerk-convex-resilience/src/${path}`, import.meta.url));

const config: StorybookConfig = {
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx'],
  addons: [
    // Without it a page of prose has no tables.
    {
      name: '@storybook/addon-docs',
      options: { mdxPluginOptions: { mdxCompileOptions: { remarkPlugins: [remarkGfm] } } },
    },
    '@storybook/addon-a11y',
  ],
  framework: '@storybook/react-vite',
  features: { sidebarOnboardingChecklist: false }, // this Storybook has its stories
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  // To read the types of all props takes a third of a build, and only a person looks at them.
  typescript: { reactDocgen: process.env.STORIES === 'brief' ? false : 'react-docgen' },
  // The sources, so that an edit shows at once.
  viteFinal: (vite) =>
    mergeConfig(vite, {
      resolve: {
        alias: [
          { find: /^clerk-convex-resilience$/, replacement: source('index.ts') },
          { find: /^clerk-convex-resilience\/styles\.css$/, replacement: source('styles.css') },
          { find: /^clerk-convex-resilience\/(.*)$/, replacement: source('$1.ts') },
        ],
      },
    }),
};

export default config;
