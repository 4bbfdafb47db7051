/** Lets so many tasks run at once; the others wait in line. */
export function createPool(size: number): <T>(task: () => Promise<T>) => Promise<T> {
  let free = size;
  const line: Array<() => void> = [];
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => line.push(resolve));
    try {
      return await task();
    } finally {
      const next = line.shift();
      if (next) next();
      else free++;
    }
  };
}
