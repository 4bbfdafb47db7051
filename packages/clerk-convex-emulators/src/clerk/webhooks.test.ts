import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClerkEmulator } from './createClerkEmulator.ts';
import type { ClerkEmulator } from './types.ts';

interface Received {
  readonly id: string;
  readonly type: string;
  readonly verified: boolean;
}

let clerk: ClerkEmulator;
let endpoint: http.Server;
let received: Received[];
let statuses: number[];

beforeEach(async () => {
  received = [];
  statuses = [];
  endpoint = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      let verified = true;
      try {
        new Webhook(clerk.webhooks.secret).verify(body, {
          'webhook-id': headers['svix-id'] ?? '',
          'webhook-timestamp': headers['svix-timestamp'] ?? '',
          'webhook-signature': headers['svix-signature'] ?? '',
        });
      } catch {
        verified = false;
      }
      received.push({ id: headers['svix-id'] ?? '', type: (JSON.parse(body) as { type: string }).type, verified });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`;
  clerk = await createClerkEmulator({ webhooks: { url, retryDelaysMs: [5, 5] } });
});
afterEach(async () => {
  await clerk.close();
  endpoint.closeAllConnections();
  await new Promise((resolve) => endpoint.close(resolve));
});

const types = () => received.map(({ type }) => type);

describe('webhooks', () => {
  it('tell signed of what happens to users and sessions', async () => {
    const { sessionId, userId } = clerk.signInBrowser();
    clerk.revokeSession(sessionId);
    await clerk.webhooks.settled();
    clerk.deleteUser(userId);
    await clerk.webhooks.settled();
    expect(types().sort()).toEqual(['session.created', 'session.revoked', 'user.deleted']);
    expect(received.every(({ verified }) => verified)).toBe(true);
    expect(clerk.webhooks.deliveries).toMatchObject([
      { event: { data: { id: sessionId, user_id: userId } }, status: 'delivered', attempts: [{ status: 200 }] },
      { event: { data: { status: 'revoked' } } },
      { event: { data: { object: 'user', id: userId, deleted: true } } },
    ]);
  });

  it('try again under the same id until they are answered 2xx, or give up', async () => {
    statuses = [500, 503, 200];
    clerk.signInBrowser();
    await clerk.webhooks.settled();
    expect(new Set(received.map(({ id }) => id)).size).toBe(1);
    expect(clerk.webhooks.deliveries).toMatchObject([
      { status: 'delivered', attempts: [{ status: 500 }, { status: 503 }, { status: 200 }] },
    ]);
    statuses = [500, 500, 500];
    const given = await clerk.webhooks.send({ type: 'user.updated', data: {} });
    expect(given).toMatchObject({ status: 'failed', attempts: [{ status: 500 }, { status: 500 }, { status: 500 }] });
  });

  it('are kept back and released in reverse', async () => {
    clerk.webhooks.hold();
    const { sessionId } = clerk.signInBrowser();
    clerk.revokeSession(sessionId);
    expect(clerk.webhooks.deliveries.map(({ status }) => status)).toEqual(['held', 'held']);
    await clerk.webhooks.release({ order: 'reversed' });
    expect(types()).toEqual(['session.revoked', 'session.created']);
  });

  it('stay kept back when the order is unknown', async () => {
    clerk.webhooks.hold();
    clerk.signInBrowser();
    await expect(clerk.webhooks.release({ order: 'random' as 'sent' })).rejects.toMatchObject({
      code: 'invalid_option',
      message: "`order` is \"random\"; use 'sent' or 'reversed'.",
    });
    expect(clerk.webhooks.deliveries.map(({ status }) => status)).toEqual(['held']);
  });

  it('come twice, stale or forged when asked to', async () => {
    clerk.signInBrowser();
    await clerk.webhooks.settled();
    const id = clerk.webhooks.deliveries[0]?.id ?? '';
    await clerk.webhooks.redeliver(id);
    expect(received.map((item) => item.id)).toEqual([id, id]);
    const event = { type: 'user.updated', data: { id: 'user_x' } };
    await clerk.webhooks.send(event, { ageSeconds: 600 });
    await clerk.webhooks.send(event, { signature: 'forged' });
    await clerk.webhooks.send(event, { id: 'msg_mine' });
    expect(received.slice(2)).toMatchObject([
      { verified: false },
      { verified: false },
      { verified: true, id: 'msg_mine' },
    ]);
    await expect(clerk.webhooks.redeliver('msg_none')).rejects.toMatchObject({ code: 'unknown_delivery' });
  });

  it('wait for an endpoint that is named later', async () => {
    const other = await createClerkEmulator();
    other.signInBrowser();
    await other.webhooks.settled();
    expect(other.webhooks.deliveries).toMatchObject([{ status: 'no_endpoint', attempts: [] }]);
    other.webhooks.connect(`http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`);
    await other.webhooks.redeliver(other.webhooks.deliveries[0]?.id ?? '');
    expect(types()).toEqual(['session.created']);
    expect(() => other.webhooks.connect('nowhere')).toThrow(/"nowhere"/);
    await other.close();
  });

  it('stop when the emulator closes', async () => {
    statuses = Array.from({ length: 9 }, () => 500);
    const slow = await createClerkEmulator({
      webhooks: { url: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`, retryDelaysMs: [60_000] },
    });
    slow.signInBrowser();
    await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
    await slow.close();
    await slow.webhooks.settled();
    expect(slow.webhooks.deliveries[0]?.status).toBe('failed');
  });
});
