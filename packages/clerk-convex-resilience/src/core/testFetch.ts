/** One call that a scripted fetch received. */
export interface ScriptedCall {
  readonly url: string;
  readonly method: string;
  readonly signal: AbortSignal | undefined;
  readonly body: unknown;
  readonly cache: RequestCache | undefined;
  readonly at: number;
}

/** What a scripted fetch does with a call: answers, throws, or never settles until it is aborted. */
export type ScriptedAnswer = Response | Error | 'hang';

export interface ScriptedFetch {
  readonly fetch: typeof fetch;
  readonly calls: ScriptedCall[];
  /** Calls that are neither answered nor aborted. */
  readonly open: ScriptedCall[];
}

/** A `fetch` that does what a test says. It honours the signal as the real one does. */
export function createScriptedFetch(
  now: () => number,
  answer: (call: ScriptedCall, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>,
): ScriptedFetch {
  const calls: ScriptedCall[] = [];
  const open: ScriptedCall[] = [];
  const fake = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = typeof input === 'object' && 'clone' in input ? input : undefined;
    const call: ScriptedCall = {
      url: request?.url ?? String(input),
      method: init?.method ?? request?.method ?? 'GET',
      signal: init?.signal ?? request?.signal ?? undefined,
      body: init?.body ?? (request?.body ? await request.text() : undefined),
      cache: init?.cache,
      at: now(),
    };
    calls.push(call);
    call.signal?.throwIfAborted();
    open.push(call);
    const aborted = new Promise<never>((_, reject) => {
      call.signal?.addEventListener('abort', () => reject(call.signal?.reason));
    });
    try {
      const said = await Promise.race([answer(call, calls.length - 1), aborted]);
      const result = said === 'hang' ? await aborted : said;
      if (result instanceof Error) throw result;
      return result;
    } finally {
      open.splice(open.indexOf(call), 1);
    }
  };
  return { fetch: fake, calls, open };
}
