import { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { DueFault } from '../faults/fault.ts';
import type { Identity } from './authentication.ts';
import { ConvexServerError } from './convexError.ts';
import type { Deployment } from './createDeployment.ts';
import {
  type ActionRequest,
  type Authenticate,
  type ClientMessage,
  decodeTs,
  encodeServerMessage,
  encodeTs,
  type ModifyQuerySet,
  type MutationRequest,
  type MutationResponse,
  parseClientMessage,
  type QuerySetModification,
  type ServerMessage,
  type StateModification,
  splitTransition,
  supportsTransitionChunks,
} from './protocol.ts';
import { createLiveQuery, describeResult, type LiveQuery } from './queryResults.ts';
import type { AuthenticationEvent } from './types.ts';

export interface SyncWorkerOptions {
  readonly socket: WebSocket;
  /** The connection under it, for faults that cut it. */
  readonly stream: NodeJS.ReadableStream;
  readonly deployment: Deployment;
  /** From the socket's path: `1.48.0`. */
  readonly clientVersion: string;
  readonly chunkBytes: number;
  readonly heartbeatMs: number;
  /** Notes a message, and says what befalls it. */
  receive(type: string, session: string | undefined): DueFault | undefined;
  noteAuthentication(event: AuthenticationEvent): void;
}

/** One socket. */
export interface SyncWorker {
  /** Sends AuthError, as when the server finds the identity expired. */
  rejectIdentity(message: string): void;
  /** Cuts the connection. */
  drop(): void;
}

/** How a socket ends from the server's side (crates/local_backend/src/subs/mod.rs, `run_sync_socket`). */
type Ending =
  | { readonly type: 'auth_error'; readonly message: string; readonly attempted: boolean }
  | { readonly type: 'fatal'; readonly message: string }
  | { readonly type: 'close'; readonly code: number; readonly reason: string };

class Ended extends Error {
  constructor(readonly ending: Ending) {
    super(ending.type);
  }
}

const defaultRejection =
  "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.";

/** Speaks the sync protocol over a socket, as crates/sync/src/worker.rs does: messages in turn, mutations one by one, one transition at a time. */
export function createSyncWorker(options: SyncWorkerOptions): SyncWorker {
  const { socket, deployment } = options;
  const queries = new Map<number, LiveQuery>();
  const version = { querySet: 0, identity: 0, ts: 0n };
  const received = { querySet: 0, identity: 0 };
  const pending: QuerySetModification[] = [];
  let session: string | undefined;
  let clientClockSkew: number | undefined;
  let identity: Identity | null = null;
  let inbox: Promise<void> = Promise.resolve();
  let mutations: Promise<void> = Promise.resolve();
  let update: 'idle' | 'due' | 'running' | 'running_and_due' = 'idle';
  let isOpen = true;

  const close = () => {
    isOpen = false;
    clearTimeout(heartbeat);
    stopListening();
  };
  const transmit = (frame: string) => {
    if (!isOpen || socket.readyState !== socket.OPEN) return;
    socket.send(frame);
    heartbeat.refresh();
  };
  const send = (message: ServerMessage) => transmit(encodeServerMessage(message));
  const noteAuthentication = (event: Pick<AuthenticationEvent, 'kind' | 'identity' | 'message'>) =>
    options.noteAuthentication({ at: Date.now(), session: session ?? '', ...event });

  const end = (ending: Ending) => {
    if (!isOpen) return;
    switch (ending.type) {
      case 'auth_error':
        noteAuthentication({ kind: ending.attempted ? 'refused' : 'auth_error', message: ending.message });
        send({
          type: 'AuthError',
          error: ending.message,
          baseVersion: version.identity,
          authUpdateAttempted: ending.attempted,
        });
        socket.close();
        break;
      case 'fatal':
        send({ type: 'FatalError', error: ending.message });
        socket.close();
        break;
      case 'close':
        socket.close(ending.code, ending.reason);
        break;
      default:
        ending satisfies never;
    }
    close();
  };
  const fail = (error: unknown) => {
    if (error instanceof Ended) end(error.ending);
    else end({ type: 'close', code: 1011, reason: 'InternalServerError' });
  };

  /** Who functions run as now. The server looks at the expiry only when it runs something. */
  const currentIdentity = (): Identity | null => {
    if (identity && Date.now() >= identity.expiresAt) {
      throw new Ended({ type: 'auth_error', message: 'Convex token identity expired', attempted: false });
    }
    return identity;
  };
  const callAs = (who: Identity | null) => ({ identity: who, ...(session !== undefined && { session }) });

  const handle = async (message: ClientMessage): Promise<void> => {
    switch (message.type) {
      case 'Connect':
        session = message.sessionId;
        if (message.clientTs !== undefined) clientClockSkew = Math.round(message.clientTs - Date.now());
        if (message.maxObservedTimestamp && decodeTs(message.maxObservedTimestamp) > deployment.database.latestTs()) {
          throw new Error('The client has observed a timestamp that is ahead of the latest one.');
        }
        return;
      case 'ModifyQuerySet':
        modifyQuerySet(message);
        return;
      case 'Authenticate':
        await changeIdentity(message);
        return;
      case 'Mutation': {
        const who = currentIdentity();
        mutations = mutations.then(() => mutate(message, who)).catch(fail);
        return;
      }
      case 'Action':
        void act(message, currentIdentity()).catch(fail);
        return;
      case 'Event':
        return;
      default:
        message satisfies never;
    }
  };

  const modifyQuerySet = ({ baseVersion, newVersion, modifications }: ModifyQuerySet) => {
    if (baseVersion !== received.querySet) {
      throw new Ended({
        type: 'fatal',
        message: `Base version ${baseVersion} passed up doesn't match the current version ${received.querySet}`,
      });
    }
    pending.push(...modifications);
    received.querySet = newVersion;
    scheduleUpdate();
  };

  const changeIdentity = async (message: Authenticate) => {
    const next = await readIdentity(message);
    if (message.baseVersion !== received.identity) {
      throw new Error(`Identity version ${message.baseVersion} does not match ${received.identity}.`);
    }
    identity = next;
    received.identity++;
    noteAuthentication(next ? { kind: 'accepted', identity: next.user.subject } : { kind: 'cleared' });
    scheduleUpdate();
  };
  const readIdentity = async (message: Authenticate): Promise<Identity | null> => {
    if (message.tokenType === 'None') return null;
    if (message.tokenType === 'Admin') {
      throw new Ended({ type: 'auth_error', message: 'This emulator has no admin keys.', attempted: true });
    }
    try {
      return await deployment.authenticate(message.value);
    } catch (error) {
      throw error instanceof ConvexServerError ? new Ended(endingFor(error)) : error;
    }
  };

  const mutate = async (message: MutationRequest, who: Identity | null) => {
    const { requestId, udfPath, args } = message;
    const run = async (): Promise<MutationResponse> => {
      const outcome = await deployment.execute({ kind: 'mutation', path: udfPath, args: args[0], ...callAs(who) });
      const { logLines, footprint } = outcome;
      const common = { type: 'MutationResponse', requestId, logLines } as const;
      if (!outcome.ok) return { ...common, ...failure(outcome) };
      const ts = encodeTs(footprint.commitTs ?? deployment.database.latestTs());
      return { ...common, success: true, result: outcome.value, ts };
    };
    const key = session === undefined ? undefined : `${session}/${requestId}`;
    send(await (key === undefined ? run() : deployment.mutateOnce(key, run)));
    // Even where no query of this socket changed: the client waits for a Transition past the mutation's timestamp.
    scheduleUpdate();
  };

  const act = async ({ requestId, udfPath, args }: ActionRequest, who: Identity | null) => {
    const outcome = await deployment.execute({ kind: 'action', path: udfPath, args: args[0], ...callAs(who) });
    const common = { type: 'ActionResponse', requestId, logLines: outcome.logLines } as const;
    send({ ...common, ...(outcome.ok ? { success: true, result: outcome.value } : failure(outcome)) });
    scheduleUpdate();
  };

  const scheduleUpdate = () => {
    if (!isOpen) return;
    if (update === 'running') update = 'running_and_due';
    if (update !== 'idle') return;
    update = 'due';
    // After the messages that have come already, and after the answers to mutations that have committed.
    setImmediate(() => void runUpdates());
  };
  const runUpdates = async () => {
    do {
      update = 'running';
      try {
        await transition();
      } catch (error) {
        fail(error);
      }
    } while (isOpen && (update as string) === 'running_and_due');
    update = 'idle';
  };

  const needsRun = (query: LiveQuery, identityVersion: number) =>
    query.outcome === undefined ||
    query.identityVersion !== identityVersion ||
    deployment.database.isStale(query.outcome.footprint);

  const transition = async () => {
    const who = currentIdentity();
    const { querySet, identity: identityVersion } = received;
    const modifications: StateModification[] = [];
    for (const modification of pending.splice(0)) {
      if (modification.type === 'Add') {
        if (queries.has(modification.queryId)) throw new Error(`Duplicate query ID: ${modification.queryId}`);
        queries.set(modification.queryId, createLiveQuery(modification));
      } else {
        if (!queries.delete(modification.queryId)) throw new Error(`Nonexistent query id: ${modification.queryId}`);
        modifications.push({ type: 'QueryRemoved', queryId: modification.queryId });
      }
    }
    // All results are of one moment: what a commit overtook runs again, before the timestamp is taken.
    for (let round = 0; round < mostRounds; round++) {
      const stale = [...queries.values()].filter((query) => needsRun(query, identityVersion));
      if (stale.length === 0 || !isOpen) break;
      await Promise.all(stale.map((query) => runQuery(query, who, identityVersion)));
    }
    for (const query of queries.values()) {
      const modification = describeResult(query);
      if (modification) modifications.push(modification);
    }
    const endVersion = { querySet, identity: identityVersion, ts: deployment.database.latestTs() };
    const encoded = encodeServerMessage({
      type: 'Transition',
      startVersion: { ...version },
      endVersion,
      modifications,
      ...(clientClockSkew !== undefined && { clientClockSkew }),
      serverTs: Date.now() * 1_000_000,
    });
    Object.assign(version, endVersion);
    const frames = supportsTransitionChunks(options.clientVersion)
      ? splitTransition(encoded, options.chunkBytes)
      : [encoded];
    for (const frame of frames) transmit(frame);
  };
  const runQuery = async (query: LiveQuery, who: Identity | null, identityVersion: number) => {
    const { udfPath, args } = query.add;
    const { journal } = query;
    query.outcome = await deployment.execute({ kind: 'query', path: udfPath, args: args[0], journal, ...callAs(who) });
    query.journal = query.outcome.footprint.journal;
    query.identityVersion = identityVersion;
  };

  const suffer = async (fault: DueFault, message: ClientMessage): Promise<'handled' | 'proceed'> => {
    if (fault.afterMs) await sleep(fault.afterMs);
    switch (fault.type) {
      case 'reject_authenticate':
        if (message.type !== 'Authenticate') return 'proceed';
        throw new Ended({ type: 'auth_error', message: fault.message ?? defaultRejection, attempted: true });
      case 'hang':
        // Messages are handled in turn: all that follow wait too.
        await new Promise<void>((resolve) => socket.once('close', () => resolve()));
        return 'handled';
      case 'delay':
        await sleep(fault.delayMs);
        return 'proceed';
      case 'slow_body':
        await sleep(fault.durationMs);
        return 'proceed';
      case 'close':
        if (options.stream instanceof Socket) options.stream.end();
        else socket.terminate();
        close();
        return 'handled';
      case 'reset':
      case 'truncate':
        if (options.stream instanceof Socket) options.stream.resetAndDestroy();
        else socket.terminate();
        close();
        return 'handled';
      case 'status':
        throw new Ended({ type: 'close', code: 1011, reason: 'InternalServerError' });
      case 'garbage':
        transmit('\u0001this is not JSON');
        return 'handled';
      case 'empty_token':
      case 'identical_token':
      case 'unknown_shape':
      case 'refuse_upgrade':
      case 'drop_sockets':
      case 'auth_error':
        return 'proceed';
      default:
        return fault satisfies never;
    }
  };
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });

  const accept = async (frame: string) => {
    if (!isOpen) return;
    let message: ClientMessage;
    try {
      message = parseClientMessage(frame);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Ended({ type: 'fatal', message: `Received Invalid JSON on websocket: ${reason}` });
    }
    const fault = options.receive(message.type, message.type === 'Connect' ? message.sessionId : session);
    if (fault && (await suffer(fault, message)) === 'handled') return;
    if (isOpen) await handle(message);
  };

  const heartbeat = setInterval(() => send({ type: 'Ping' }), options.heartbeatMs);
  heartbeat.unref();
  const stopListening = deployment.onChange(() => {
    const isTouched = [...queries.values()].some(
      ({ outcome }) => outcome !== undefined && deployment.database.isStale(outcome.footprint),
    );
    if (isTouched) scheduleUpdate();
  });
  socket.on('message', (data) => {
    const frame = data.toString();
    inbox = inbox.then(() => accept(frame)).catch(fail);
  });
  socket.on('close', close);
  socket.on('error', close);

  return {
    rejectIdentity: (message) => end({ type: 'auth_error', message, attempted: false }),
    drop: () => {
      socket.terminate();
      close();
    },
  };
}

/** Rounds of runs in one transition, should commits never stop. */
const mostRounds = 20;

const failure = (outcome: { readonly message: string; readonly errorData: unknown }) => ({
  success: false as const,
  result: outcome.message,
  ...(outcome.errorData !== undefined && { errorData: outcome.errorData as never }),
});

/** A refusal is an AuthError; an overloaded or missing provider closes the socket, and the client comes back (crates/sync/src/worker.rs, `authentication_update_error`). */
function endingFor(error: ConvexServerError): Ending {
  switch (error.kind) {
    case 'unauthenticated':
    case 'bad_request':
    case 'forbidden':
      return { type: 'auth_error', message: error.message, attempted: true };
    case 'not_found':
      return { type: 'close', code: 1000, reason: error.shortMessage };
    case 'overloaded':
    case 'rate_limited':
      return { type: 'close', code: 1013, reason: error.shortMessage };
    default:
      return error.kind satisfies never;
  }
}
