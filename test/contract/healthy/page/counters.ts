const counts: Record<string, number> = {};

/** Counts one more of that name. */
export const count = (name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

export const readCounts = (): Readonly<Record<string, number>> => ({ ...counts });
