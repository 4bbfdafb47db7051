import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { convexToJson, type JSONValue, jsonToConvex, type Value } from 'convex/values';
import { EmulatorError } from '../errors.ts';
import type { DatabaseState } from './createDatabase.ts';
import type { StoredDocument } from './engineInternals.ts';
import type { MutationResponse } from './protocol.ts';

/** What outlives an emulator: documents, and the answers to mutations that a client may ask for again. */
export interface KeptState {
  readonly database: DatabaseState;
  readonly responses: ReadonlyArray<readonly [string, MutationResponse]>;
}

interface StateFile {
  readonly format: 'clerk-convex-emulators/1';
  readonly documents: Readonly<Record<string, JSONValue>>;
  readonly nextDocId: number;
  readonly lastCreationTime: number;
  readonly responses: ReadonlyArray<readonly [string, MutationResponse]>;
}

/** Reads a state; undefined where there is no file yet. Throws `EmulatorError` `invalid_option` for a file of another kind. */
export async function loadState(path: string): Promise<KeptState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
  try {
    const state = JSON.parse(text) as StateFile;
    if (state.format !== 'clerk-convex-emulators/1') throw new Error('another format');
    const documents = Object.entries(state.documents).map(([id, json]) => [id, jsonToConvex(json) as StoredDocument]);
    const { nextDocId, lastCreationTime, responses } = state;
    return {
      database: { documents: Object.fromEntries(documents), nextDocId, lastCreationTime, files: {} },
      responses,
    };
  } catch (error) {
    throw unreadable(path, error);
  }
}

const unreadable = (path: string, cause: unknown) =>
  new EmulatorError(
    'invalid_option',
    `The state file ${path} cannot be read. Give \`stateFile\` another path, or delete the file to start empty.`,
    { cause },
  );

/** Writes a state soon after each change. Stored files are not kept. */
export interface StateSaver {
  schedule(): void;
  /** Writes at once. Throws `EmulatorError` `invalid_option` where that is not possible. */
  save(): Promise<void>;
  /** Writes a last time. Throws as `save` does. */
  close(): Promise<void>;
}

/** Makes one for a file. */
export function saveState(path: string, read: () => KeptState): StateSaver {
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const write = async () => {
    const { database, responses } = read();
    const documents = Object.fromEntries(
      Object.entries(database.documents).map(([id, document]) => [id, convexToJson(document as Value)]),
    );
    const { nextDocId, lastCreationTime } = database;
    const state: StateFile = { format: 'clerk-convex-emulators/1', documents, nextDocId, lastCreationTime, responses };
    await mkdir(dirname(path), { recursive: true });
    // Never half a file, whenever the process ends.
    await writeFile(`${path}.new`, JSON.stringify(state));
    await rename(`${path}.new`, path);
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.catch(() => undefined).then(write);
    return writing;
  };
  const save = async () => {
    try {
      await flush();
    } catch (error) {
      throw new EmulatorError(
        'invalid_option',
        `The state file ${path} cannot be written. Give \`stateFile\` a path that can.`,
        { cause: error },
      );
    }
  };
  return {
    schedule() {
      // What cannot be written now is tried again at the end, and said there.
      timer ??= setTimeout(() => void flush().catch(() => undefined), 50).unref();
    },
    save,
    close: save,
  };
}
