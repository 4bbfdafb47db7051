import { useSyncExternalStore } from 'react';

export type Page = 'messages' | 'people';

/** Which page the address names: `#people`, or the messages. */
export const usePage = (): Page => useSyncExternalStore(subscribe, read);

const read = (): Page => (location.hash === '#people' ? 'people' : 'messages');
function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
