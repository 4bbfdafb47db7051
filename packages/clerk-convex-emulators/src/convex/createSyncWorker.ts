import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { DueFault } from '../faults/fault.ts';
import { applyMessageFault } from './applyMessageFault.ts';
import type { Identity } from './authentication.ts';
import { ConvexServerError } from './convexError.ts';
import type { Deployment } from './createDeployment.ts';
import { createQuerySet } from './createQuerySet.ts';
import type { FunctionOutcome } from './executeFunction.ts';
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
  splitTransition,
  supportsTransitionChunks,
} from './protocol.ts';
import { endingForRefusal, expired, internalServerError, SocketEnded, type SocketEnding } from './socketEnding.ts';
import type { AuthenticationEvent } from './types.ts';

export interface SyncWorkerOptions {
  readonly socket: WebSocket;
  /** The connection under it, for faults that cut it. */
  readonly stream: Duplex;
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

/**
 * Speaks the sync protocol over a socket as crates/sync/src/worker.rs does: messages in turn, mutations one by one, one
 * transition at a time, none while a message is being handled.
 */
export function createSyncWorker(options: SyncWorkerOptions): SyncWorker {
  const { socket, deployment } = options;
  const { database } = deployment;
  const queries = createQuerySet(({ footprint }) => database.isStale(footprint));
  const pending: QuerySetModification[] = [];
  /** What the client has, and what it has asked for. */
  let version = { querySet: 0, identity: 0, ts: 0n };
  const received = { querySet: 0, identity: 0 };
  let session: string | undefined;
  let clientClockSkew: number | undefined;
  let identity: Identity | null = null;
  let inbox: Promise<void> = Promise.resolve();
  let mutations: Promise<void> = Promise.resolve();
  let update: 'idle' | 'due' | 'running' | 'running_and_due' = 'idle';
  let isOpen = true;

  const heartbeat = setInterval(() => send({ type: 'Ping' }), options.heartbeatMs).unref();
  const stopListening = deployment.onChange(() => {
    if (queries.isStale()) scheduleUpdate();
  });
  const close = () => {
    isOpen = false;
    clearInterval(heartbeat);
    stopListening();
  };
  socket.on('message', (data) => {
    const frame = String(data);
    inbox = inbox.then(() => accept(frame)).catch(fail);
  });
  socket.on('close', close);
  socket.on('error', close);

  const transmit = (frame: string) => {
    if (!isOpen || socket.readyState !== socket.OPEN) return;
    socket.send(frame);
    heartbeat.refresh();
  };
  const send = (message: ServerMessage) => transmit(encodeServerMessage(message));
  const noteAuthentication = (event: Omit<AuthenticationEvent, 'at' | 'session'>) =>
    options.noteAuthentication({ at: Date.now(), session: session ?? '', ...event });

  const end = (ending: SocketEnding) => {
    if (!isOpen) return;
    switch (ending.type) {
      case 'auth_error': {
        const { message, attempted } = ending;
        noteAuthentication({ kind: attempted ? 'refused' : 'auth_error', message });
        send({ type: 'AuthError', error: message, baseVersion: version.identity, authUpdateAttempted: attempted });
        socket.close();
        break;
      }
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
  const fail = (error: unknown) => end(error instanceof SocketEnded ? error.ending : internalServerError);

  const accept = async (frame: string) => {
    if (!isOpen) return;
    let message: ClientMessage;
    try {
      message = parseClientMessage(frame);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SocketEnded({ type: 'fatal', message: `Received Invalid JSON on websocket: ${reason}` });
    }
    const fault = options.receive(message.type, message.type === 'Connect' ? message.sessionId : session);
    if (fault && (await applyMessageFault(fault, message.type, socket, options.stream)) === 'answered') return;
    if (isOpen) await handle(message);
  };
  const handle = async (message: ClientMessage): Promise<void> => {
    switch (message.type) {
      case 'Connect':
        session = message.sessionId;
        if (message.clientTs !== undefined) clientClockSkew = Math.round(message.clientTs - Date.now());
        if (message.maxObservedTimestamp && decodeTs(message.maxObservedTimestamp) > database.latestTs()) {
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
      const message = `Base version ${baseVersion} passed up doesn't match the current version ${received.querySet}`;
      throw new SocketEnded({ type: 'fatal', message });
    }
    pending.push(...modifications);
    received.querySet = newVersion;
    scheduleUpdate();
  };

  /** Who functions run as now. The server looks at the expiry only when it runs something. */
  const currentIdentity = (): Identity | null => {
    if (identity && Date.now() >= identity.expiresAt) throw new SocketEnded(expired);
    return identity;
  };
  const changeIdentity = async (message: Authenticate) => {
    const next = await readIdentity(message);
    if (message.baseVersion !== received.identity) {
      throw new Error(`Identity version ${message.baseVersion} does not match ${received.identity}.`);
    }
    identity = next;
    received.identity++;
    noteAuthentication(next ? { kind: 'accepted', identity: next.user.subject, ...next.token } : { kind: 'cleared' });
    scheduleUpdate();
  };
  const readIdentity = async (message: Authenticate): Promise<Identity | null> => {
    if (message.tokenType === 'None') return null;
    if (message.tokenType === 'Admin') {
      throw new SocketEnded({ type: 'auth_error', message: 'This emulator has no admin keys.', attempted: true });
    }
    try {
      return await deployment.authenticate(message.value);
    } catch (error) {
      if (!(error instanceof ConvexServerError)) throw error;
      const ending = endingForRefusal(error);
      if (ending.type === 'close') noteAuthentication({ kind: 'refused', message: error.message });
      throw new SocketEnded(ending);
    }
  };

  const execute = (
    kind: 'query' | 'mutation' | 'action',
    { udfPath, args }: Pick<MutationRequest, 'udfPath' | 'args'>,
    who: Identity | null,
    journal?: string | null,
  ) =>
    deployment.execute({
      kind,
      path: udfPath,
      args: args[0],
      identity: who,
      ...(session !== undefined && { session }),
      ...(journal !== undefined && { journal }),
    });

  const mutate = async (message: MutationRequest, who: Identity | null) => {
    const run = async (): Promise<MutationResponse> => {
      const outcome = await execute('mutation', message, who);
      const common = { type: 'MutationResponse', requestId: message.requestId, logLines: outcome.logLines } as const;
      if (!outcome.ok) return { ...common, ...failure(outcome) };
      const ts = encodeTs(outcome.footprint.commitTs ?? database.latestTs());
      return { ...common, success: true, result: outcome.value, ts };
    };
    send(await (session === undefined ? run() : deployment.mutateOnce(`${session}/${message.requestId}`, run)));
    // Even where no query of this socket changed: the client waits for a Transition past the mutation's timestamp.
    scheduleUpdate();
  };
  const act = async (message: ActionRequest, who: Identity | null) => {
    const outcome = await execute('action', message, who);
    const common = { type: 'ActionResponse', requestId: message.requestId, logLines: outcome.logLines } as const;
    send({ ...common, ...(outcome.ok ? { success: true, result: outcome.value } : failure(outcome)) });
    scheduleUpdate();
  };

  const scheduleUpdate = () => {
    if (!isOpen) return;
    if (update === 'running') update = 'running_and_due';
    if (update !== 'idle') return;
    update = 'due';
    // After the answers to mutations that have committed: the client drops their optimistic updates in that order.
    setImmediate(() => void runUpdates());
  };
  const runUpdates = async () => {
    try {
      do {
        update = 'running';
        await inbox;
        if (isOpen) await transition();
        // A commit or a message may have come meanwhile.
      } while (isOpen && (update as string) === 'running_and_due');
    } catch (error) {
      fail(error);
    } finally {
      update = 'idle';
    }
  };
  const transition = async () => {
    const who = currentIdentity();
    const { querySet, identity: identityVersion } = received;
    queries.apply(pending.splice(0));
    await queries.refresh(identityVersion, (add, journal) => execute('query', add, who, journal));
    const startVersion = version;
    // Read at once after the last run: the results are of this moment.
    version = { querySet, identity: identityVersion, ts: database.latestTs() };
    const encoded = encodeServerMessage({
      type: 'Transition',
      startVersion,
      endVersion: version,
      modifications: queries.takeNews(),
      ...(clientClockSkew !== undefined && { clientClockSkew }),
      serverTs: Date.now() * 1_000_000,
    });
    const isSplit = supportsTransitionChunks(options.clientVersion);
    for (const frame of isSplit ? splitTransition(encoded, options.chunkBytes) : [encoded]) transmit(frame);
  };

  return {
    rejectIdentity: (message) => end({ type: 'auth_error', message, attempted: false }),
    drop: () => {
      close();
      socket.terminate();
    },
  };
}

const failure = ({ message, errorData }: Extract<FunctionOutcome, { ok: false }>) => ({
  success: false as const,
  result: message,
  ...(errorData !== undefined && { errorData }),
});
