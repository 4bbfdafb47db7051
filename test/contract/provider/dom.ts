import { JSDOM } from 'jsdom';

// A page for React in a Node test. Vitest's own jsdom environment replaces Uint8Array and AbortSignal too, and with those
// neither esbuild nor Node's fetch works: here only what React and the library look at is put in place.
// Import this before anything that imports React.
const { window } = new JSDOM('<!doctype html><body></body>', { url: 'http://127.0.0.1/', pretendToBeVisual: true });
Object.assign(globalThis, {
  window,
  document: window.document,
  navigator: window.navigator,
  HTMLElement: window.HTMLElement,
  IS_REACT_ACT_ENVIRONMENT: false, // updates come from a real server, in their own time
});
