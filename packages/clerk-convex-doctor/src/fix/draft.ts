import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FindingCode } from 'clerk-convex-resilience/diagnosis';

export interface FileChange {
  /** From the root, with `/`. */
  readonly file: string;
  /** Absent: there is no such file. */
  readonly before: string | undefined;
  readonly after: string;
  /** The findings that it mends. */
  readonly codes: readonly FindingCode[];
}

/** Files as they would be: several fixes may change one file, and nothing is written. */
export interface Draft {
  /** The text as drafted, else as it is; undefined where there is none, or it cannot be read. */
  read(file: string): Promise<string | undefined>;
  write(file: string, text: string, code: FindingCode): Promise<void>;
  changes(): readonly FileChange[];
}

export function createDraft(root: string): Draft {
  const drafted = new Map<string, FileChange>();
  const onDisk = (file: string): Promise<string | undefined> =>
    readFile(join(root, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
  return {
    read: async (file) => drafted.get(file)?.after ?? (await onDisk(file)),
    async write(file, text, code) {
      const earlier = drafted.get(file);
      const before = earlier ? earlier.before : await onDisk(file);
      drafted.set(file, { file, before, after: text, codes: [...new Set([...(earlier?.codes ?? []), code])] });
    },
    changes: () => [...drafted.values()].filter(({ before, after }) => before !== after),
  };
}
