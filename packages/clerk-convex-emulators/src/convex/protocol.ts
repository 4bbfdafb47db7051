import type { JSONValue } from 'convex/values';

/** The messages of the sync protocol, as in convex/src/browser/sync/protocol.ts (1.48). */

export interface AddQuery {
  readonly type: 'Add';
  readonly queryId: number;
  readonly udfPath: string;
  readonly args: readonly JSONValue[];
  readonly journal?: string | null;
}

export type QuerySetModification = AddQuery | { readonly type: 'Remove'; readonly queryId: number };

interface FunctionRequest {
  readonly requestId: number;
  readonly udfPath: string;
  readonly args: readonly JSONValue[];
}

export type Authenticate = { readonly type: 'Authenticate'; readonly baseVersion: number } & (
  | { readonly tokenType: 'User'; readonly value: string }
  | { readonly tokenType: 'Admin'; readonly value: string }
  | { readonly tokenType: 'None' }
);

export interface ModifyQuerySet {
  readonly type: 'ModifyQuerySet';
  readonly baseVersion: number;
  readonly newVersion: number;
  readonly modifications: readonly QuerySetModification[];
}

export type MutationRequest = { readonly type: 'Mutation' } & FunctionRequest;
export type ActionRequest = { readonly type: 'Action' } & FunctionRequest;

export type ClientMessage =
  | {
      readonly type: 'Connect';
      readonly sessionId: string;
      readonly clientTs?: number;
      readonly maxObservedTimestamp?: string;
    }
  | Authenticate
  | ModifyQuerySet
  | MutationRequest
  | ActionRequest
  | { readonly type: 'Event'; readonly eventType: string };

interface StateVersion {
  readonly querySet: number;
  readonly identity: number;
  readonly ts: bigint;
}

export type StateModification =
  | {
      readonly type: 'QueryUpdated';
      readonly queryId: number;
      readonly value: JSONValue;
      readonly logLines: readonly string[];
      readonly journal: string | null;
    }
  | {
      readonly type: 'QueryFailed';
      readonly queryId: number;
      readonly errorMessage: string;
      readonly errorData?: JSONValue;
      readonly logLines: readonly string[];
      readonly journal: string | null;
    }
  | { readonly type: 'QueryRemoved'; readonly queryId: number };

type FunctionResponse<Success> = { readonly requestId: number; readonly logLines: readonly string[] } & (
  | ({ readonly success: true; readonly result: JSONValue } & Success)
  | { readonly success: false; readonly result: string; readonly errorData?: JSONValue }
);

export type MutationResponse = { readonly type: 'MutationResponse' } & FunctionResponse<{ readonly ts: string }>;
type ActionResponse = { readonly type: 'ActionResponse' } & FunctionResponse<object>;

export type ServerMessage =
  | {
      readonly type: 'Transition';
      readonly startVersion: StateVersion;
      readonly endVersion: StateVersion;
      readonly modifications: readonly StateModification[];
      readonly clientClockSkew?: number;
      readonly serverTs: number;
    }
  | MutationResponse
  | ActionResponse
  | {
      readonly type: 'AuthError';
      readonly error: string;
      readonly baseVersion: number;
      readonly authUpdateAttempted: boolean;
    }
  | { readonly type: 'FatalError'; readonly error: string }
  | { readonly type: 'Ping' };

/** A timestamp as it crosses the wire: base64 of eight little-endian bytes. */
export function encodeTs(ts: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString('base64');
}

export function decodeTs(encoded: string): bigint {
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length === 8 ? bytes.readBigUInt64LE() : 0n;
}

/** Reads a frame; throws a text that says what is wrong with it. */
export function parseClientMessage(frame: string): ClientMessage {
  const message: unknown = JSON.parse(frame);
  if (typeof message !== 'object' || message === null || !('type' in message)) throw new Error('missing field `type`');
  switch (message.type) {
    case 'Connect':
    case 'Authenticate':
    case 'ModifyQuerySet':
    case 'Mutation':
    case 'Action':
    case 'Event':
      return message as ClientMessage;
    default:
      throw new Error(`unknown variant \`${String(message.type)}\``);
  }
}

const encodeVersion = (version: StateVersion) => ({ ...version, ts: encodeTs(version.ts) });

export function encodeServerMessage(message: ServerMessage): string {
  if (message.type !== 'Transition') return JSON.stringify(message);
  return JSON.stringify({
    ...message,
    startVersion: encodeVersion(message.startVersion),
    endVersion: encodeVersion(message.endVersion),
  });
}

/** Splits an encoded Transition as crates/local_backend/src/subs/mod.rs does: at UTF-8 boundaries, the length as its id. */
export function splitTransition(encoded: string, chunkBytes: number): string[] {
  const bytes = Buffer.from(encoded);
  if (bytes.length <= chunkBytes) return [encoded];
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + chunkBytes, bytes.length);
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    if (end <= start) {
      // Less than a character fits: take it whole.
      end = start + 1;
      while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end++;
    }
    chunks.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return chunks.map((chunk, partNumber) =>
    JSON.stringify({
      type: 'TransitionChunk',
      chunk,
      partNumber,
      totalParts: chunks.length,
      transitionId: String(bytes.length),
    }),
  );
}

/** Whether the client of `/api/<version>/sync` knows TransitionChunk: npm 1.28.0 on (convex CHANGELOG, crates/common/src/version.rs). */
export function supportsTransitionChunks(clientVersion: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(clientVersion) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 28);
}
