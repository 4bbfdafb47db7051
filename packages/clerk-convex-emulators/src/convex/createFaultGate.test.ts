import { connect as connectTcp, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { emulatorForTests } from '../../../../test/contract/convexFixture/emulatorForTests.ts';
import { createFaultPlan } from '../faults/createFaultPlan.ts';
import type { RequestLogEntry } from '../requestLog.ts';
import { createFaultGate } from './createFaultGate.ts';

const suite = emulatorForTests();

/** A connection that says what no client would. */
function openRaw(text: string): { socket: Socket; answer: Promise<string> } {
  const socket = connectTcp(Number(new URL(suite.emulator.url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (data) => {
    received += data;
  });
  socket.on('error', () => undefined);
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  socket.write(text);
  return { socket, answer };
}
const upgradeOf = (path: string) =>
  `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
  'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

test.each(['//', '//api/1.48.0/sync', '/api/1.48.0/sync/more', '*'])('an upgrade of %s is a 404', async (path) => {
  const { answer } = openRaw(upgradeOf(path));
  expect(await answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(suite.emulator.log).toMatchObject([{ method: 'CONNECT', path, status: 404 }]);
});

test('a request of // is answered', async () => {
  const { answer } = openRaw('GET // HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  expect(await answer).toMatch(/^HTTP\/1\.1 404 /);
});

test('an upgrade that the client resets while a fault holds it ends nothing else', async () => {
  suite.emulator.faults.add({ match: 'CONNECT', times: 1, action: { type: 'delay', delayMs: 10_000 } });
  const { socket, answer } = openRaw(upgradeOf('/api/1.48.0/sync'));
  await expect.poll(() => suite.emulator.log.at(-1)?.fault).toBe('delay');
  const errors: unknown[] = [];
  const note = (error: unknown) => void errors.push(error);
  process.on('uncaughtException', note);
  socket.resetAndDestroy();
  await answer;
  await suite.connect();
  process.off('uncaughtException', note);
  expect(errors).toEqual([]);
});

test('a preflight passes every fault, uses none up and is in no log', async () => {
  suite.emulator.faults.add({ action: { type: 'status', status: 503 } });
  const preflight = await fetch(`${suite.emulator.url}/api/query`, {
    method: 'OPTIONS',
    headers: { origin: 'http://app.test', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(204);
  expect(suite.emulator.faults.fired).toBe(0);
  expect(suite.emulator.log).toEqual([]);
  expect((await fetch(`${suite.emulator.url}/api/query`, { method: 'POST' })).status).toBe(503);
});

test('the log holds the newest entries', () => {
  const log: RequestLogEntry[] = [];
  const gate = createFaultGate(createFaultPlan({ server: 'convex' }), log);
  for (let count = 0; count <= 10_000; count++) gate.receive('Event', `${count}`);
  expect([log.length, log[0]?.client, log.at(-1)?.client]).toEqual([10_000, '1', '10000']);
});
