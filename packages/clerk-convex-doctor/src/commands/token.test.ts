import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cleanProject, frontendApi } from '../testing/cleanProject.ts';
import { run } from '../testing/run.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';

const now = Date.UTC(2026, 10, 26, 18, 44, 4) / 1000;
const keys = await generateKeyPair('RS256');
const others = await generateKeyPair('RS256');

type Answer = (response: ServerResponse) => void;
const json = (body: unknown) => (response: ServerResponse) =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'ins_1', alg: 'RS256', use: 'sig' };

/** An issuer that publishes `keys`; or that answers so, where it is asked for its settings or for its keys. */
async function issuer({ discovery, set }: { discovery?: Answer; set?: Answer } = {}): Promise<string> {
  const server = createServer((request, response) => {
    const isDiscovery = request.url?.endsWith('openid-configuration');
    if (isDiscovery) return (discovery ?? json({ issuer: url, jwks_uri: `${url}/keys` }))(response);
    (set ?? json({ keys: [jwk] }))(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return url;
}

const sign = (claims: Record<string, unknown>, key = keys.privateKey, kid = 'ins_1'): Promise<string> =>
  new SignJWT({ sub: 'user_2abc', iat: now - 5, exp: now + 55, aud: 'convex', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid })
    .sign(key);

const project = (domain: string): string =>
  temporaryFolder({ ...cleanProject(), '.env.local': `CLERK_JWT_ISSUER_DOMAIN=${domain}\n` });

describe('token', () => {
  it('judges each claim, and prints no part of the token', async () => {
    const token = await sign({ iss: `https://${frontendApi}`, email: 'ada@example.com' });
    const ran = await run(project(`https://${frontendApi}`), ['token', token, '--offline']);
    expect([ran.code, ran.err]).toEqual([0, '']);
    for (const claim of ['iss', 'aud', 'sub', 'exp', 'iat']) expect(ran.out).toMatch(new RegExp(`✓ ${claim} `));
    expect(ran.out).toContain('What is expected is taken from convex/auth.config.ts.');
    expect(ran.out).toContain('signature not checked: --offline');
    expect(ran.out).toMatch(/- others +.*email/);
    for (const part of [...token.split('.'), 'ada@example.com']) expect(ran.out).not.toContain(part);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['audience', { iss: `https://${frontendApi}`, aud: 'Convex' }, 'TOKEN_AUDIENCE_WRONG'],
    ['issuer', { iss: 'https://another.clerk.accounts.dev' }, 'TOKEN_ISSUER_WRONG'],
    ['life', { iss: `https://${frontendApi}`, exp: now + 5 }, 'TOKEN_LIFETIME_TOO_SHORT'],
  ])('tells a wrong %s', async (_name, claims, code) => {
    const ran = await run(project(`https://${frontendApi}`), ['token', '-', '--offline'], {
      input: `Bearer ${await sign(claims)}\n`,
    });
    expect(ran.out).toContain(code);
    expect(ran.code).toBe(1);
  });

  it('checks the signature against the keys of the issuer', async () => {
    const iss = await issuer();
    const root = project(iss);
    const good = await run(root, ['token', await sign({ iss }), '--json']);
    expect(JSON.parse(good.out)).toMatchObject({
      schemaVersion: 1,
      exitCode: 0,
      signature: { status: 'good' },
      findings: [],
    });
    for (const wrong of [await sign({ iss }, others.privateKey), await sign({ iss }, others.privateKey, 'ins_2')]) {
      const bad = await run(root, ['token', wrong, '--json']);
      expect(JSON.parse(bad.out)).toMatchObject({
        exitCode: 1,
        signature: { status: 'bad' },
        findings: [{ code: 'TOKEN_SIGNATURE_MISMATCH' }],
      });
    }
  });

  const page = (status: number) => (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Log in</h1>');
  it.each<[string, Parameters<typeof issuer>[0], string]>([
    ['answers 500', { discovery: page(500) }, 'its issuer answered 500, and no JSON'],
    ['is a web page', { discovery: page(200) }, 'its issuer answered 200, and no JSON'],
    ['is a captive portal', { discovery: page(511) }, 'its issuer answered 511, and no JSON'],
    ['leads elsewhere', { discovery: (it) => void it.writeHead(302, { location: 'https://a.invalid' }).end() }, '302'],
    ['does not answer', { discovery: () => undefined }, 'cannot be reached (timeout, ETIMEDOUT)'],
    ['breaks off', { discovery: (response) => response.destroy() }, 'cannot be reached (reset, '],
    ['has no keys', { discovery: json({}) }, 'does not say where its keys are'],
    ['keeps them where nobody may look', { discovery: json({ jwks_uri: 'file:///etc/passwd' }) }, 'no https URL'],
    ['answers 500 for its keys', { set: page(500) }, 'its issuer answered 500, and no JSON'],
    ['has a web page for its keys', { set: page(200) }, 'its issuer answered 200, and no JSON'],
    ['does not answer for its keys', { set: () => undefined }, 'cannot be reached (timeout, ETIMEDOUT)'],
    ['lists no keys', { set: json({ keys: 'none' }) }, 'its issuer publishes no list of keys'],
  ])('does not check the signature where the issuer %s, and judges the claims', async (_, answers, reason) => {
    const iss = await issuer(answers);
    const ran = await run(project(iss), ['token', await sign({ iss })], {}, { timeoutMs: 500 });
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out).toMatch(/✓ iss /);
    expect(ran.out).toContain('signature not checked: ');
    expect(ran.out).toContain(reason);
  });

  it('is led to no address of this machine by an issuer that is elsewhere', async () => {
    const asked = vi.fn((url: URL) =>
      Promise.resolve(
        Response.json(url.pathname.endsWith('/keys') ? { keys: [jwk] } : { jwks_uri: 'http://127.0.0.1:9/keys' }),
      ),
    );
    vi.stubGlobal('fetch', asked);
    onTestFinished(() => void vi.unstubAllGlobals());
    const iss = 'https://203.0.113.7';
    const ran = await run(project(iss), ['token', await sign({ iss })]);
    expect(ran.out).toContain('signature not checked: its issuer says that its keys are at what is no https URL');
    expect(asked.mock.calls.map(([url]) => url.hostname)).toEqual(['203.0.113.7']);
  });

  it('takes keys that are none for nobody’s', async () => {
    const iss = await issuer({ set: json({ keys: [null, 7, { kty: 'RSA', kid: 'ins_1' }, { kty: {}, n: [] }] }) });
    const ran = await run(project(iss), ['token', await sign({ iss }), '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({ exitCode: 1, signature: { status: 'bad' } });
  });

  it.each<[string, string]>([
    ['http://169.254.169.254', 'no https URL'],
    ['file:///etc', 'no https URL'],
    ['http://127.0.0.1:1', 'cannot be reached'],
  ])('asks nothing of %s that it should not', async (iss, reason) => {
    const ran = await run(project(`https://${frontendApi}`), ['token', await sign({ iss })]);
    expect(ran.out).toMatch(new RegExp(`signature not checked: .*${reason}`));
  });

  it.each([
    ['what is no JWT', 'hello', 1, /TOKEN_MALFORMED/],
    ['nothing', '', 2, /The token is empty/],
  ])('says so of %s', async (_name, input, code, message) => {
    const ran = await run(project(`https://${frontendApi}`), ['token', '--offline'], { input });
    expect(ran.out + ran.err).toMatch(message);
    expect(ran.code).toBe(code);
  });

  it('can do without a project', async () => {
    const ran = await run(temporaryFolder(), [
      'token',
      await sign({ iss: 'https://a.clerk.accounts.dev' }),
      '--offline',
    ]);
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out).toContain('there is no project here');
  });

  it('waits for nothing at a terminal', async () => {
    expect(await run(temporaryFolder(), ['token'], { isTTY: true })).toMatchObject({
      code: 2,
      err: expect.stringContaining('No token was given'),
    });
  });
});
