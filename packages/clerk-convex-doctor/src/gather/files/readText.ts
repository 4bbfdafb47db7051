import { readFile, stat } from 'node:fs/promises';
import { faultOf } from '../../cannotRun.ts';

/** What came of reading a file: its text, that it is not there, or why it cannot be read. */
export type Reading =
  | { readonly status: 'read'; readonly text: string }
  | { readonly status: 'missing' }
  | { readonly status: 'unreadable'; readonly reason: string; readonly isUtf16?: true };

/** No source file that a person wrote is longer, in bytes. */
export const sourceLimit = 1_048_576;

/** Reads a regular file, never a device or a pipe, which may not end. Never rejects. */
export async function readText(path: string, limit: number = sourceLimit): Promise<Reading> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return { status: 'unreadable', reason: 'it is a folder' };
    if (!stats.isFile()) return { status: 'unreadable', reason: 'it is not a regular file' };
    if (stats.size > limit) return { status: 'unreadable', reason: `it is longer than ${limit} bytes` };
    // The mark that some editors put in front is no part of the text.
    const bytes = await readFile(path);
    if (isUtf16(bytes))
      return { status: 'unreadable', reason: 'it is UTF-16, which nothing reads: save it as UTF-8', isUtf16: true };
    return { status: 'read', text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { status: 'missing' };
    return { status: 'unreadable', reason: code === 'ELOOP' ? 'it is a link to itself' : faultOf(error) };
  }
}

/** As PowerShell's `>` writes it: with a mark, or a zero beside each letter. */
const isUtf16 = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) ||
  (bytes[0] === 0xfe && bytes[1] === 0xff) ||
  (bytes.length > 3 && (bytes[0] === 0) !== (bytes[1] === 0) && (bytes[2] === 0) !== (bytes[3] === 0));

/** The text, or undefined for whatever reason. */
export async function textOf(path: string, limit?: number): Promise<string | undefined> {
  const reading = await readText(path, limit);
  return reading.status === 'read' ? reading.text : undefined;
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
