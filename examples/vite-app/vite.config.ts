import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig(({ mode }) => {
  const isClerk6 = loadEnv(mode, path('.'), 'VITE_').VITE_CLERK_MAJOR === '6';
  return {
    root: path('.'),
    plugins: [react()],
    // Each major has its own prebundled dependencies, so that switching back and forth costs nothing.
    cacheDir: path(`./node_modules/.vite-clerk${isClerk6 ? 6 : 5}`),
    resolve: {
      // One React, one Convex, one Clerk, also for the library, which a workspace links from its own folder.
      dedupe: ['react', 'react-dom', 'convex', '@clerk/clerk-react', '@clerk/react'],
      alias: isClerk6 ? [{ find: /^(\.\.?\/)+clerk\.ts$/, replacement: path('./src/clerk6.ts') }] : [],
    },
    // `*.localhost`, which the lab's frames are served from, is loopback in every browser but Safari.
    server: { host: '127.0.0.1', allowedHosts: ['.localhost'] },
  };
});
