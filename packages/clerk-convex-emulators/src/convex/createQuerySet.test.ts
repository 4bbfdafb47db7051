import { describe, expect, test } from 'vitest';
import {
  add,
  type Client,
  emulatorForTests,
  modify,
  mutate,
} from '../../../../test/contract/convexFixture/emulatorForTests.ts';
import { encodeTs } from './protocol.ts';

const suite = emulatorForTests();
const { connect, post, runsOf } = suite;

describe('the query set', () => {
  test('is answered with a Transition from version 0', async () => {
    const client = await connect();
    modify(client, 0, add(0, 'counters:get', { name: 'a' }));
    expect(await client.next('Transition')).toMatchObject({
      startVersion: { querySet: 0, identity: 0, ts: encodeTs(0n) },
      endVersion: { querySet: 1, identity: 0 },
      modifications: [{ type: 'QueryUpdated', queryId: 0, value: 0, journal: null, logLines: [] }],
    });
    modify(client, 1, { type: 'Remove', queryId: 0 });
    expect(await client.next('Transition')).toMatchObject({ modifications: [{ type: 'QueryRemoved', queryId: 0 }] });
  });

  test('with a wrong base version is a FatalError', async () => {
    const client = await connect();
    modify(client, 3, add(0, 'users:me'));
    expect(await client.next('FatalError')).toMatchObject({
      error: "Base version 3 passed up doesn't match the current version 0",
    });
    await client.closing();
  });

  test('runs again only the queries whose tables a commit touched', async () => {
    const client = await connect();
    modify(client, 0, add(0, 'counters:get', { name: 'a' }), add(1, 'messages:list'), add(2, 'users:me'));
    await client.next('Transition');
    mutate(client, 0, 'counters:increment', { name: 'a' });
    const transition = await client.next('Transition');
    expect(transition).toMatchObject({ modifications: [{ queryId: 0, value: 1 }] });
    expect([runsOf('counters:get'), runsOf('messages:list'), runsOf('users:me')]).toEqual([2, 1, 1]);
  });

  test('does not tell a client what has not changed', async () => {
    const client = await connect();
    modify(client, 0, add(0, 'counters:get', { name: 'a' }));
    await client.next('Transition');
    mutate(client, 0, 'counters:increment', { name: 'b' });
    expect(await client.next('Transition')).toMatchObject({ modifications: [] });
    expect(runsOf('counters:get')).toBe(2);
  });

  test('of another socket hears of a commit, and a failing query of its error', async () => {
    const [writer, reader] = [await connect(), await connect()];
    modify(reader, 0, add(0, 'counters:get', { name: 'a' }), add(1, 'nothing:here'), add(2, 'counters:increment'));
    const first = await reader.next('Transition');
    expect(first).toMatchObject({
      modifications: [
        { queryId: 0, value: 0 },
        { queryId: 1, type: 'QueryFailed', errorMessage: expect.stringContaining("'nothing:here'") },
        { queryId: 2, type: 'QueryFailed', errorMessage: expect.stringContaining('counters.js:increment as Query') },
      ],
    });
    mutate(writer, 0, 'counters:increment', { name: 'a' });
    expect(await reader.next('Transition')).toMatchObject({
      startVersion: first.endVersion,
      modifications: [{ queryId: 0, value: 1 }],
    });
  });

  test('keeps a page where it ended, by the journal that comes back from the client', async () => {
    for (const body of ['1', '2', '3', '4'])
      await post('/api/mutation', { path: 'messages:sendAnonymously', args: { body } });
    const client = await connect();
    const args = { paginationOpts: { numItems: 2, cursor: null } };
    modify(client, 0, add(0, 'messages:page', args));
    const bodies = (message: Awaited<ReturnType<Client['next']>>) => {
      const [change] = message.modifications as Array<{
        journal: string;
        value: { page: Array<{ body: string }>; isDone: boolean; continueCursor: string };
      }>;
      return { ...change?.value, bodies: change?.value.page.map(({ body }) => body), journal: change?.journal ?? null };
    };
    const first = bodies(await client.next('Transition'));
    expect(first).toMatchObject({ bodies: ['4', '3'], isDone: false, journal: expect.any(String) });

    mutate(client, 0, 'messages:sendAnonymously', { body: '5' });
    const grown = bodies(await client.next('Transition'));
    expect(grown).toMatchObject({
      bodies: ['5', '4', '3'],
      continueCursor: first.continueCursor,
      journal: first.journal,
    });

    const later = await connect();
    modify(later, 0, add(0, 'messages:page', args, first.journal), add(1, 'messages:page', { ...args, other: 1 }));
    expect(bodies(await later.next('Transition')).bodies).toEqual(['5', '4', '3']);

    // The document at the end goes: the page still ends there, and is not the last.
    const { _id: id } = (grown.page as unknown as Array<{ _id: string }>)[2] ?? { _id: '' };
    mutate(client, 1, 'messages:remove', { id });
    expect(bodies(await client.next('Transition'))).toMatchObject({
      bodies: ['5', '4'],
      isDone: false,
      continueCursor: first.continueCursor,
    });
  });
});
