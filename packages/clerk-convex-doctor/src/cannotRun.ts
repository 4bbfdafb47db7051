/** The command could not do what it was asked for: exit code 2. The message says what is wrong, and what to do. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}

/** What a fault of the file system says, without the path of this machine that its message repeats. */
export function faultOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return typeof code === 'string' ? (spelled[code] ?? code) : typeof message === 'string' ? message : String(error);
}

const spelled: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'this user may not read or write it',
  EPERM: 'this user may not read or write it',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  ENOSPC: 'the disk is full',
};
