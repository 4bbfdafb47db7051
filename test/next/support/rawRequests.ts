import { once } from 'node:events';
import { connect } from 'node:net';

// Requests as no browser writes them: a URL of the web's own would tidy up the path before it is sent.

interface Raw {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const subrequest = 'middleware:middleware:middleware:middleware:middleware';
const multipart = { 'content-type': 'multipart/form-data; boundary=x' };

/** Ways to ask for a protected page, such as `vault`, or for something public that is to become it. */
export const rawRequestsOf = (page: string): readonly Raw[] => [
  ...['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'].map((method) => ({ method, path: `/${page}` })),
  ...[
    ...[`//${page}`, `/./${page}`, `/board/../${page}`, `/board/%2e%2e/${page}`, `/board/..%2f${page}`],
    ...[
      `/%${page.charCodeAt(0).toString(16)}${page.slice(1)}`,
      `/${page[0]}%${page.charCodeAt(1).toString(16)}${page.slice(2)}`,
      `/${page}%2f`,
      `/${page}/`,
      `/${page.toUpperCase()}`,
      `/${page};a`,
      `/${page}%00`,
    ],
    ...[`/${page}%20`, `\\${page}`, `/\\${page}`, `http://localhost/${page}`, `http://evil/board/../${page}`],
    ...[`/${page}?x=/board`, `/${page}#/board`, `/${page}.rsc`, `/${page}.json`, `/${page}.png`],
    ...[`/${page}.html`, `/${page}.txt`, `/${page}/index.txt`, `/${page}.segments/_tree.segment.rsc`],
    ...[
      `/${page}.prefetch.rsc`,
      `/${page}.segments/_full.segment.rsc`,
      `/${page}.segments/${page}/__PAGE__.segment.rsc`,
      `/${page}.action`,
      `/_next/data/x/${page}.json`,
      `/_next/${page}`,
    ],
    ...[`/_next/../${page}`, `/_next/%2e%2e/${page}`, `/_next/..%2f${page}`, `/_next//${page}`],
    ...[`/index/${page}`, `/en/${page}`, `/sign-in/../${page}`, `/sign-in/..;/${page}`],
    ...[
      `/sign-in%2f..%2f${page}`,
      `/${page}%3f.png`,
      `/${page}/.png`,
      `/${page}/x.png`,
      `/${page[0]}%C3%A0${page.slice(2)}`,
    ],
    ...[`/board?nxtPslug=${page}`, `/board?__nextLocale=${page}`, '/board?__nextDataReq=1', '*'],
  ].map((path) => ({ path })),
  ...[
    ...[subrequest, 'proxy:proxy:proxy:proxy:proxy', 'src/middleware', 'src/middleware:src/middleware'].map(
      (value) => ({
        'x-middleware-subrequest': value,
      }),
    ),
    ...[{ 'x-middleware-next': '1' }, { 'x-middleware-rewrite': '/board' }, { 'x-middleware-prefetch': '1' }],
    ...[{ 'x-nextjs-data': '1' }, { rsc: '1' }, { rsc: '1', 'next-router-prefetch': '1' }],
    { rsc: '1', 'next-router-segment-prefetch': '/_tree' },
    { purpose: 'prefetch', 'x-middleware-prefetch': '1', 'x-nextjs-data': '1' },
    { 'x-clerk-auth-status': 'signed-in', 'x-clerk-auth-token': 'x', 'x-clerk-auth-signature': 'x' },
    { 'x-http-method-override': 'OPTIONS' },
  ].map((headers) => ({ path: `/${page}`, headers })),
  ...[
    ...['x-middleware-rewrite', 'x-matched-path', 'x-invoke-path', 'x-invoke-output', 'x-rewrite-url'].map((name) => ({
      [name]: `/${page}`,
    })),
    ...[{ 'x-original-url': `/${page}` }, { 'x-now-route-matches': `1=${page}` }, { rsc: '1', 'next-url': `/${page}` }],
    { 'x-nextjs-rewrite': `/${page}`, 'x-nextjs-rewritten-path': `/${page}` },
    { 'x-clerk-auth-status': 'signed-in', 'x-clerk-auth-token': 'x' },
  ].map((headers) => ({ path: '/board', headers })),
  { method: 'POST', path: '/board', headers: { 'next-action': 'abc' } },
  { method: 'POST', path: '/post', headers: multipart, body: '--x--\r\n' },
  { method: 'POST', path: `/${page}`, headers: multipart, body: '--x--\r\n' },
];

/** The whole answer, as `sendRaw` has it, of where Next.js says that the router should have asked: it looks at `_rsc` (16.4). */
export async function sendAsRouter(port: number, request: Raw): Promise<string> {
  const answer = await sendRaw(port, request);
  const path = /^HTTP\/1\.1 307 [\s\S]*?^location: (\S*[?&]_rsc\S*)\r$/im.exec(answer)?.[1];
  return path === undefined ? answer : sendRaw(port, { ...request, path });
}

/** The whole answer, head and body, as it came. */
export async function sendRaw(port: number, { method = 'GET', path, headers = {}, body = '' }: Raw): Promise<string> {
  const socket = connect(port, 'localhost');
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  const all = {
    host: `localhost:${port}`,
    accept: 'text/html',
    connection: 'close',
    ...(body && { 'content-length': `${Buffer.byteLength(body)}` }),
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.setTimeout(20_000, () => socket.destroy(new Error('no answer in 20 s')));
  // Not ended: Next.js takes that for a browser that has gone away.
  socket.write(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
  await once(socket, 'close');
  return text;
}
