import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { applyHttpFault } from '../faults/applyHttpFault.ts';
import { applyUpgradeFault } from '../faults/applyUpgradeFault.ts';
import type { FaultPlan } from '../faults/createFaultPlan.ts';
import type { DueFault } from '../faults/fault.ts';
import { readRequestLine } from '../faults/requestLine.ts';
import { keepNewest } from '../keepNewest.ts';
import type { RequestLogEntry } from '../requestLog.ts';

/** Where everything that reaches the emulator passes: it is noted, and faults have it first. */
export interface FaultGate {
  /** Puts an app behind the gate. */
  serve(app: Hono): (request: IncomingMessage, response: ServerResponse) => void;
  /** A socket that wants to open; calls back with the entry of the log if it may. */
  upgrade(request: IncomingMessage, stream: Duplex, open: (entry: RequestLogEntry) => void): void;
  /** A message of a socket; says what befalls it. */
  receive(type: string, session: string | undefined): DueFault | undefined;
  /** Cuts the connections that a fault holds. */
  release(): void;
}

/** Makes one. `/__emulator/` and preflights pass unseen, or a fault could not be taken back. */
export function createFaultGate(plan: FaultPlan, log: RequestLogEntry[]): FaultGate {
  const suffering = new Set<Duplex | ServerResponse>();
  const note = (
    method: string,
    path: string,
    client?: string,
  ): { entry: RequestLogEntry; fault: DueFault | undefined } => {
    const entry: RequestLogEntry = { at: Date.now(), method, path, ...(client !== undefined && { client }) };
    keepNewest(log, entry);
    const fault = plan.take(`${method} ${path}`);
    if (fault) entry.fault = fault.type;
    return { entry, fault };
  };
  const hold = (stream: Duplex | ServerResponse) => {
    suffering.add(stream);
    stream.once('close', () => suffering.delete(stream));
  };

  return {
    serve(app) {
      const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
      const answer = async (request: IncomingMessage, response: ServerResponse) => {
        const { path } = readRequestLine(request);
        if (request.method !== 'OPTIONS' && !path.startsWith('/__emulator/')) {
          const { entry, fault } = note(request.method ?? 'GET', path);
          response.once('finish', () => {
            entry.status = response.statusCode;
          });
          if (fault) {
            hold(response);
            if ((await applyHttpFault(fault, request, response, target)) === 'answered') return;
          }
        }
        await listener(request, response);
      };
      return (request, response) => void answer(request, response).catch(() => response.destroy());
    },
    upgrade(request, stream, open) {
      const { entry, fault } = note('CONNECT', readRequestLine(request).path);
      const proceed = async () => {
        if (fault) hold(stream);
        if (fault && (await applyUpgradeFault(fault, stream)) === 'answered') {
          if (fault.type === 'status') entry.status = fault.status;
          else if (fault.type === 'refuse_upgrade') entry.status = 503;
          return;
        }
        suffering.delete(stream);
        if (!stream.destroyed) open(entry);
      };
      void proceed().catch(() => stream.destroy());
    },
    receive: (type, session) => note('MESSAGE', type, session).fault,
    release() {
      for (const stream of [...suffering]) stream.destroy();
    },
  };
}

/** How the backend answers when something fails (crates/errors/src/lib.rs). */
const target = {
  errorBody: (status: number) => ({
    contentType: 'application/json',
    body: JSON.stringify(bodies[status] ?? (status >= 500 ? bodies[500] : bodies[400])),
  }),
  corsHeaders: () => ({ 'access-control-allow-origin': '*' }),
};

const bodies: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  400: { code: 'BadRequest', message: 'The request was refused.' },
  401: {
    code: 'Unauthenticated',
    message: "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.",
  },
  429: { code: 'TooManyRequests', message: 'Too many requests. Try again later.' },
  500: { code: 'InternalServerError', message: "Your request couldn't be completed. Try again later." },
  503: { code: 'ServiceUnavailable', message: 'Service temporarily unavailable' },
};
