import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { diagnose } from 'clerk-convex-resilience/diagnosis';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkSignature } from '../../../packages/clerk-convex-doctor/src/commands/checkSignature.ts';
import { gatherNetwork } from '../../../packages/clerk-convex-doctor/src/gather/network/gatherNetwork.ts';
import {
  cleanProject,
  secretKey,
  webhookSecret,
  withEnv,
  withProviders,
  withWebhook,
} from '../../../packages/clerk-convex-resilience/src/diagnosis/checks/project/testProject.ts';
import { inTime, mostMs } from '../inTime.ts';
import { type Served, serveAnswer } from '../serveAnswer.ts';
import { tellsNoSecret } from '../tellsNoSecret.ts';

beforeAll(() => void vi.stubEnv('no_proxy', '*'));
afterAll(() => void vi.unstubAllEnvs());

const secrets = [secretKey, webhookSecret];
const token = `${part({ alg: 'RS256', kid: 'ins_1' })}.${part({ sub: 'user_1' })}.c2lnbmF0dXJl`;
function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Every question is put to one address; whatever it answers, the doctor ends in time, throws nothing, and tells no secret. */
async function askEverything(url: string, timeoutMs: number): Promise<void> {
  const variables = {
    VITE_CONVEX_URL: url,
    CONVEX_SITE_URL: url,
    CLERK_SECRET_KEY: secretKey,
    CONVEX_DEPLOYMENT: undefined,
  };
  const project = Object.entries(variables).reduce(
    (before, [name, value]) => withEnv(before, name, value),
    withWebhook(withProviders(cleanProject(), { domain: url }), { path: '/hook' }),
  );
  const details: string[] = [];
  const startedAt = process.cpuUsage().user;
  const network = await inTime(() =>
    gatherNetwork(project, {
      root: '.',
      timeoutMs,
      endpoints: { frontendApi: url, backendApi: url, statusPage: url },
      onStep: ({ detail = '' }) => details.push(detail),
    }),
  );
  const signature = await inTime(() => checkSignature(token, url, timeoutMs));
  expect((process.cpuUsage().user - startedAt) / 1000).toBeLessThan(mostMs);
  expect(signature.status).not.toBe('good');
  for (const secret of secrets) expect(JSON.stringify([details, signature])).not.toContain(secret);
  tellsNoSecret(diagnose({ project, network }), secrets);
}

describe('random answers', () => {
  let served: Served;
  /** What is answered to each path that is asked for, in turn. */
  let answers: readonly {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }[] = [];
  beforeAll(async () => {
    let asked = 0;
    served = await serveAnswer((request, response) => {
      request.resume();
      const { status, headers, body } = answers[asked++ % answers.length] ?? { status: 200, headers: {}, body: '' };
      response.writeHead(status, headers).end(body);
    });
  });
  afterAll(() => served.close());

  // Names that are read of some answer or other.
  const name = fc.constantFrom(
    'keys',
    'kid',
    'kty',
    'n',
    'e',
    'alg',
    'x5c',
    'issuer',
    'jwks_uri',
    'data',
    'name',
    'claims',
    'aud',
    'lifetime',
    'errors',
    'code',
    'id',
    'jwt',
    'incidents',
    'ongoing_incidents',
    'summary',
    'status',
    'indicator',
    'description',
    '__proto__',
    'constructor',
    'length',
    'toString',
  );
  const word = fc.constantFrom(
    'convex',
    'Convex ',
    'RSA',
    'none',
    'major',
    'resolved',
    'not_configured',
    'https://%',
    'file:///etc/passwd',
    '\u001b[31m',
    '\r\n',
    '`$(reboot)`',
    secretKey,
    webhookSecret,
    `e30.${part({ aud: secretKey })}.x`,
    'a@b.example',
    '</details>',
  );
  const { value } = fc.letrec((tie) => ({
    leaf: fc.oneof(word, fc.string({ unit: 'binary' }), fc.double(), fc.constantFrom(null, true, -1)),
    object: fc.dictionary(name, tie('value'), { maxKeys: 6 }),
    list: fc.array(tie('value'), { maxLength: 6 }),
    value: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('object'), tie('list')),
  }));
  const json = value.map((each) => JSON.stringify(each) ?? '');
  const body = fc.oneof(
    { weight: 6, arbitrary: json },
    json.map((text) => text.slice(0, text.length / 2)),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '['.repeat(60_000),
      '{"keys":['.repeat(7_000),
      '{"a":'.repeat(10_000),
      `{"incidents":[{"name":"${'@a.'.repeat(20_000)}"}]}`,
      `{"ongoing_incidents":[${'{"name":"x"},'.repeat(4_000)}{}]}`,
      `"${'eyJ'.repeat(20_000)}"`,
      '\uFEFF{}',
      '1.48.0',
    ),
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      'content-type',
      'location',
      'date',
      'age',
      'server',
      'cf-mitigated',
      'retry-after',
      'set-cookie',
      'www-authenticate',
    ),
    fc.constantFrom(
      'text/html',
      'application/json',
      'application/json; charset=utf-16',
      '//portal.example',
      'javascript:alert(1)',
      `https://a:b@c.example/?k=${secretKey}`,
      '/',
      'http://[',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      'yesterday',
      '1e99',
      '-1',
      'cloudflare',
      '',
    ),
  );
  const status = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(200, 200, 200, 401, 404, 429, 500) },
    fc.integer({ min: 200, max: 999 }),
  );

  test('of the status page, the keys, the templates and the Frontend API', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ status, headers, body }), { minLength: 1, maxLength: 8 }),
        async (given) => {
          answers = given;
          await askEverything(served.url, 5_000);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

/** What comes over the wire; or what writes a little of it, again and again. */
type Bytes = string | Buffer | ((write: (text: string) => void) => void);

describe('hostile answers', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  let bytes: Bytes = '';
  let url: string;
  const server = createServer((socket) => {
    const timers: NodeJS.Timeout[] = [];
    socket.on('error', () => undefined).on('close', () => timers.forEach(clearInterval));
    socket.once('data', () => {
      if (typeof bytes !== 'function') return void socket.end(bytes);
      const write = bytes;
      timers.push(setInterval(() => write((text) => socket.write(text)), 20));
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  test.each<[string, Bytes]>([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['no head', '\r\n\r\n'],
    ['a status that is none', 'HTTP/1.1 000 ?\r\ncontent-length: 0\r\n\r\n'],
    ['a status beyond what there is', 'HTTP/1.1 99999 ?\r\ncontent-length: 0\r\n\r\n'],
    [
      'a protocol that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
    ['a header of a megabyte', `${head}x: ${'y'.repeat(1_000_000)}\r\n\r\n{}`],
    ['a hundred thousand headers', `${head}${'x: y\r\n'.repeat(100_000)}\r\n{}`],
    ['a header with a zero in it', `${head}location: a\0b\r\n\r\n{}`],
    ['two lengths', `${head}content-length: 2\r\ncontent-length: 7\r\n\r\n{}`],
    ['a length that never comes', `${head}content-length: 9000\r\n\r\n{}`],
    ['chunks that are none', `${head}transfer-encoding: chunked\r\n\r\nzz\r\n{}`],
    ['what is said to be compressed', `${head}content-encoding: gzip\r\n\r\nnot at all`],
    ['an encoding that nobody knows', `${head}content-encoding: x, y, z\r\n\r\n{}`],
    [
      '50 MB in 50 kB',
      Buffer.concat([Buffer.from(`${head}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`), bomb]),
    ],
    ['20 MB', `${head}\r\n${'['.repeat(20_000_000)}`],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(`${head}\r\n`), Buffer.from([0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22])]),
    ],
    ['a letter now and then, and no end', (write) => write('x')],
    ['a body without an end', (write) => write(`${head}\r\n[`)],
    ['answers before the answer', (write) => write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')],
  ])('%s', async (_, given) => {
    bytes = given;
    await askEverything(url, 300);
  });
});
