import { mkdir } from 'node:fs/promises';

/** Makes a folder and those above it; answers the first that it made. Rejects with what can be told to a person. */
export async function makeFolder(path: string, mode?: number): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true, ...(mode !== undefined && { mode }) });
  } catch (error) {
    // What Node (20.20) says where a file system is read-only, and of a link that leads nowhere.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('no folder can be made there');
    throw error;
  }
}
