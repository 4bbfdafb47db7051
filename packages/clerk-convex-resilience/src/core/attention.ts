/** Something that costs while it runs, and runs only while anybody asks for it. */
export interface Attention {
  add(what: object): void;
  delete(what: object): void;
}

/** Calls `start` for the first who asks, and its undo after the last. */
export function createAttention(start: () => () => void): Attention {
  const wanted = new Set<object>();
  let stop: (() => void) | null = null;
  return {
    add(what) {
      wanted.add(what);
      stop ??= start();
    },
    delete(what) {
      wanted.delete(what);
      if (wanted.size > 0) return;
      stop?.();
      stop = null;
    },
  };
}
