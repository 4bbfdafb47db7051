import WebSocket from 'ws';

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

/** A bare client of the sync protocol, for what the real clients would never send or hide. */
export async function openSyncSocket(
  url: string,
  {
    version = '1.48.0',
    session = crypto.randomUUID(),
    connect = {},
  }: { version?: string; session?: string; connect?: object } = {},
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/${version}/sync`);
  const inbox: Message[] = [];
  let wake = () => {};
  let closed: { code: number; reason: string } | undefined;
  socket.on('message', (data) => {
    inbox.push(read(String(data)));
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', (code, reason) => {
    closed = { code, reason: String(reason) };
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'Connect', sessionId: session, connectionCount: 0, lastCloseReason: 'InitialConnect', ...connect });
  const waitFor = async <T>(find: () => T | undefined, what: string): Promise<T> => {
    const deadline = Date.now() + 3000;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`no ${what}; got ${inbox.map(({ type }) => type).join(', ')}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 50);
      });
    }
  };
  return {
    session,
    socket,
    send,
    sendText: (text: string) => socket.send(text),
    /** The next message of this type; what came before it is forgotten. */
    async next(type: string): Promise<Message> {
      const index = await waitFor(() => {
        const at = inbox.findIndex((message) => message.type === type);
        return at < 0 ? undefined : at;
      }, type);
      return inbox.splice(0, index + 1).at(-1) as Message;
    },
    received: inbox,
    closing: () => waitFor(() => closed, 'close'),
    close: () => socket.close(),
  };
}

function read(frame: string): Message {
  try {
    return JSON.parse(frame) as Message;
  } catch {
    return { type: 'garbage', frame };
  }
}
