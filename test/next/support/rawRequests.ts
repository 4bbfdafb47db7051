import { once } from 'node:events';
import { connect } from 'node:net';

// Requests as no browser writes them: a URL of the web's own would tidy up the path before it is sent.

interface Raw {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const at = '/dashboard';
const subrequest = 'middleware:middleware:middleware:middleware:middleware';
const multipart = { 'content-type': 'multipart/form-data; boundary=x' };

/** Ways to ask for `/dashboard`, or for something public that is to become it. */
export const rawRequests: readonly Raw[] = [
  ...['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'].map((method) => ({ method, path: at })),
  ...[
    ...['//dashboard', '/./dashboard', '/board/../dashboard', '/board/%2e%2e/dashboard', '/board/..%2fdashboard'],
    ...['/%64ashboard', '/dashbo%61rd', '/dashboard%2f', '/dashboard/', '/DASHBOARD', '/dashboard;a', '/dashboard%00'],
    ...['/dashboard%20', '\\dashboard', '/\\dashboard', 'http://localhost/dashboard', 'http://evil/board/../dashboard'],
    ...['/dashboard?x=/board', '/dashboard#/board', '/dashboard.rsc', '/dashboard.json', '/dashboard.png'],
    ...['/dashboard.html', '/dashboard.txt', '/dashboard/index.txt', '/dashboard.segments/_tree.segment.rsc'],
    ...['/dashboard.prefetch.rsc', '/dashboard.action', '/_next/data/x/dashboard.json', '/_next/dashboard'],
    ...['/_next/../dashboard', '/_next/%2e%2e/dashboard', '/_next/..%2fdashboard', '/_next//dashboard'],
    ...['/index/dashboard', '/en/dashboard', '/sign-in/../dashboard', '/sign-in/..;/dashboard'],
    ...['/sign-in%2f..%2fdashboard', '/dashboard%3f.png', '/dashboard/.png', '/dashboard/x.png', '/d%C3%A0shboard'],
    ...['/board?nxtPslug=dashboard', '/board?__nextLocale=dashboard', '/board?__nextDataReq=1', '*'],
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
  ].map((headers) => ({ path: at, headers })),
  ...[
    ...['x-middleware-rewrite', 'x-matched-path', 'x-invoke-path', 'x-invoke-output', 'x-rewrite-url'].map((name) => ({
      [name]: at,
    })),
    ...[{ 'x-original-url': at }, { 'x-now-route-matches': '1=dashboard' }, { rsc: '1', 'next-url': at }],
    { 'x-nextjs-rewrite': at, 'x-nextjs-rewritten-path': at },
    { 'x-clerk-auth-status': 'signed-in', 'x-clerk-auth-token': 'x' },
  ].map((headers) => ({ path: '/board', headers })),
  { method: 'POST', path: '/board', headers: { 'next-action': 'abc' } },
  { method: 'POST', path: '/post', headers: multipart, body: '--x--\r\n' },
  { method: 'POST', path: '/dashboard', headers: multipart, body: '--x--\r\n' },
];

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
