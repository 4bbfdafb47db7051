import type { PageRecord } from './settings.ts';

type WithoutTime = PageRecord extends infer R ? (R extends PageRecord ? Omit<R, 'at'> : never) : never;

/** Tells the test what the page saw, with the time at which it saw it. */
export const tell = (record: WithoutTime): void => window.tell({ at: Date.now(), ...record });
