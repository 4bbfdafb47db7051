import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { unusedProxy, usesEnvProxy } from './envProxy.ts';
import { type Fault, faultOf } from './faultOf.ts';

/** An answer, as far as it was read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** At most 64 kB. */
  readonly body: string;
  /** There was no more of it. */
  readonly isWhole: boolean;
  /** When the request left and the answer's head came, in milliseconds since the epoch. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

export interface Request {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For everything: the name, the connection, the answer and its body. In milliseconds. */
  readonly timeoutMs: number;
}

const maxBytes = 65_536;

/**
 * Asks once, and once more only when the connection was reset: that happens to a healthy server. Follows no redirect, so that
 * neither a secret nor a question goes elsewhere. Never throws.
 */
export async function ask(url: URL, request: Request): Promise<Answer | Fault> {
  const first = await askOnce(url, request);
  const answer = isFault(first) && first.fault === 'reset' ? await askOnce(url, request) : first;
  return isFault(answer) ? withoutProxy(url, answer) : answer;
}

/** A fault on the way that fetch took past a proxy says nothing of the host: whoever takes the proxy may well reach it. */
function withoutProxy(url: URL, { fault, reason }: Fault): Fault {
  const proxy = fault === 'tls' ? undefined : unusedProxy(url);
  return proxy === undefined ? { fault, reason } : { fault: 'other', reason: `${reason}, and ${proxy} was not used` };
}

export const isFault = (answer: Answer | Fault): answer is Fault => 'fault' in answer;

async function askOnce(url: URL, { method = 'GET', headers, body, timeoutMs }: Request): Promise<Answer | Fault> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // `lookup` takes no signal, and fetch does not end at once for what it cannot decompress (undici 6, in Node 20).
  const tooLate = new Promise<'too late'>((resolve) => {
    timer = setTimeout(() => {
      deadline.abort();
      resolve('too late');
    }, timeoutMs);
  });
  const { signal } = deadline;
  try {
    const unresolved = await Promise.race([tooLate, resolveName(url.hostname)]);
    if (unresolved) return unresolved === 'too late' ? { fault: 'dns', reason: 'ETIMEDOUT' } : unresolved;
    const askedAt = Date.now();
    const request = fetch(url, {
      method,
      headers: { accept: 'application/json', 'user-agent': 'clerk-convex-doctor', ...headers },
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    });
    const answer = await Promise.race([tooLate, request.then((response) => read(response, askedAt))]);
    return answer === 'too late' ? { fault: 'timeout', reason: 'ETIMEDOUT' } : answer;
  } catch (error) {
    return signal.aborted ? { fault: 'timeout', reason: 'ETIMEDOUT' } : faultOf(error);
  } finally {
    clearTimeout(timer);
  }
}

/** A name that cannot be resolved is told from a server that cannot be reached. */
async function resolveName(hostname: string): Promise<Fault | undefined> {
  // A proxy resolves the names itself; an address needs no name server.
  if (usesEnvProxy() || isIP(hostname.replace(/^\[|\]$/g, ''))) return undefined;
  try {
    await lookup(hostname);
    return undefined;
  } catch (error) {
    return { fault: 'dns', reason: faultOf(error).reason };
  }
}

async function read(response: Response, askedAt: number): Promise<Answer> {
  const answeredAt = Date.now();
  return { status: response.status, headers: response.headers, askedAt, answeredAt, ...(await readBody(response)) };
}

async function readBody(response: Response): Promise<Pick<Answer, 'body' | 'isWhole'>> {
  const reader = response.body?.getReader();
  if (!reader) return { body: '', isWhole: true };
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
    if (length <= maxBytes) continue;
    await reader.cancel();
    return { body: textOf(chunks).slice(0, maxBytes), isWhole: false };
  }
  return { body: textOf(chunks), isWhole: true };
}

const textOf = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
