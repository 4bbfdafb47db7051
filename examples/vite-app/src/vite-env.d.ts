/// <reference types="vite/client" />

interface ImportMetaEnv {
  readonly VITE_CLERK_PUBLISHABLE_KEY?: string;
  readonly VITE_CONVEX_URL?: string;
  readonly VITE_CLERK_PROXY_URL?: string;
  readonly VITE_CLERK_MAJOR?: string;
  /** Set by the demo: where the lab's two pairs of emulators are, as JSON. */
  readonly VITE_LAB?: string;
}
