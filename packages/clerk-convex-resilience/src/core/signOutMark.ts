/** Where the mark is kept that says of which sessions this browser is signed out, though Clerk's server may not know yet. */
export const markKey = 'clerk-convex-resilience:signed-out';

/** Stands in the mark for every session of this browser, where it is not known which they are. No session has this id. */
export const everyone = '*';

/** The entries of the mark: a session's id, and after a space the instance, where it was known. */
export function readMark(text: string | null): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}

export const idOf = (entry: string): string => entry.split(' ')[0] as string;
/** The host of the Frontend API whose session it is; undefined where that was not known. */
export const instanceOf = (entry: string): string | undefined => entry.split(' ')[1];
