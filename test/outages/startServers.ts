import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AuthenticationEvent, Fault, RequestLogEntry, SeededBrowser } from 'clerk-convex-emulators';
import type { Speed } from './speedUp.ts';

export type ServersCall = { name: 'break'; faults: readonly Fault[] } | { name: 'mend' | 'look'; faults: readonly [] };

export interface ServersReady {
  readonly clerkUrl: string;
  readonly publishableKey: string;
  readonly convexUrl: string;
  /** Of a browser that is signed in. */
  readonly cookies: SeededBrowser['cookies'];
}

/** What both emulators have seen so far. Times are theirs: of the fast clock. */
export interface ServersSeen {
  readonly now: number;
  readonly log: readonly RequestLogEntry[];
  readonly authentications: readonly AuthenticationEvent[];
}

export interface Servers extends ServersReady {
  /** Adds these faults to Clerk. Faults cross a process: no RegExp. */
  break(faults: readonly Fault[]): Promise<ServersSeen>;
  mend(): Promise<ServersSeen>;
  look(): Promise<ServersSeen>;
  close(): void;
}

export interface ServersOptions {
  readonly speed: Speed;
  readonly tokenLifeSeconds: number;
  readonly appHost: string;
}

/** Starts both emulators in a process of their own: an emulator has no clock but its process's. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const child = fork(fileURLToPath(new URL('./servers.ts', import.meta.url)), [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  const answerTo = <T>(id: number): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.set(id, resolve as (answer: unknown) => void);
      child.once('exit', () => reject(new Error('The servers have ended.')));
    });
  child.on('message', ({ id, ready, seen }: { id: number; ready?: ServersReady; seen?: ServersSeen }) => {
    waiting.get(id)?.(ready ?? seen);
    waiting.delete(id);
  });
  child.setMaxListeners(0);
  const ready = await answerTo<ServersReady>(0);
  let calls = 0;
  const call = (what: ServersCall): Promise<ServersSeen> => {
    const id = ++calls;
    const answer = answerTo<ServersSeen>(id);
    child.send({ id, ...what });
    return answer;
  };
  return {
    ...ready,
    break: (faults) => call({ name: 'break', faults }),
    mend: () => call({ name: 'mend', faults: [] }),
    look: () => call({ name: 'look', faults: [] }),
    close: () => child.disconnect(),
  };
}
