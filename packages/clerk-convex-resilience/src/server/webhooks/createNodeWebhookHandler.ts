import type { IncomingDelivery } from './answerDelivery.ts';
import { type ClerkWebhookOptions, createResponder } from './createResponder.ts';

/** What is used of a request of Node's `http`, and so of Express. */
export interface NodeWebhookRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** True once something has read from the stream. */
  readonly readableDidRead?: boolean | undefined;
  /** Of Express: a Buffer behind `express.raw()`, something else behind any other parser. */
  readonly body?: unknown;
  /** Of Google Cloud Functions and Firebase: the bytes that they have read. */
  readonly rawBody?: unknown;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** What is used of a response of Node's `http`, and so of Express. */
export interface NodeWebhookResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string): unknown;
}

/**
 * The same as `createClerkWebhookHandler` for Express 5 and for `http.createServer`. It reads the raw body from the
 * request's stream, so it comes before `express.json()`; behind `express.raw()` it takes the Buffer. A body that something
 * else has read is answered 500 `body_consumed`, and the log says what to do.
 */
export function createNodeWebhookHandler(
  options: ClerkWebhookOptions,
): (request: NodeWebhookRequest, response: NodeWebhookResponse) => Promise<void> {
  const respond = createResponder(options);
  return async (request, response) => {
    const answer = await respond({
      method: request.method ?? '',
      header: (name) => {
        const value = request.headers[name];
        return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
      },
      body: bodyOf(request),
    });
    // The rest of a body that is refused is not read, and HTTP/1.1 cannot go on after it.
    const ends = answer.status === 413 || answer.status === 408;
    response.writeHead(answer.status, { ...answer.headers, ...(ends && { connection: 'close' }) });
    response.end(answer.body);
  };
}

function bodyOf(request: NodeWebhookRequest): IncomingDelivery['body'] {
  for (const bytes of [request.rawBody, request.body]) {
    if (bytes instanceof Uint8Array) return new Response(bytes as BodyInit).body;
  }
  if (request.readableDidRead) return 'consumed';
  let listening = false;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        // At the first read, not before: Node itself drops a body that nobody has listened to, and keeps the connection.
        if (!listening) listen(request, controller);
        listening = true;
        request.resume();
      },
      // Not destroyed: that would close the socket, and with it the answer.
      cancel: () => void request.pause(),
    },
    { highWaterMark: 0 },
  );
}

/** A chunk for each pull. */
function listen(request: NodeWebhookRequest, controller: ReadableStreamDefaultController<Uint8Array>): void {
  let open = true;
  const endWith = (end: () => void) => () => {
    if (open) end();
    open = false;
  };
  const cut = endWith(() => controller.error(new Error('The connection has ended before the body.')));
  const close = endWith(() => controller.close());
  request.on('data', (chunk) => {
    request.pause();
    if (open) controller.enqueue(chunk);
  });
  request.on('end', close);
  request.on('error', cut);
  request.on('close', cut);
}
