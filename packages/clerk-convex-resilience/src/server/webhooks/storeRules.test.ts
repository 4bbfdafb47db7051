import { describe, expect, it, vi } from 'vitest';
import { createTestClock } from '../../core/testClock.ts';
import { createClerkWebhookHandler } from './createClerkWebhookHandler.ts';
import { createMemoryWebhookStore } from './createMemoryWebhookStore.ts';
import type { WebhookStore } from './store.ts';
import { webhookStoreRules } from './storeRules.ts';
import { createTestLogger, deliveryRequest, eventBody, secret, told } from './testDelivery.ts';
import { isOutdated, versionOf } from './version.ts';

function setUp(broken: Partial<WebhookStore> = {}) {
  const clock = createTestClock();
  const onUser = vi.fn(async () => clock.sleep(100));
  const onOutdated = vi.fn();
  const onError = vi.fn();
  const { logger, lines } = createTestLogger();
  const store = { ...createMemoryWebhookStore({ clock }), ...broken };
  const on = { '*': onUser };
  const handle = createClerkWebhookHandler({ secrets: secret, on, onOutdated, onError, store, logger, clock });
  const deliver = async (id: string, body?: string): Promise<[number, string]> =>
    told(await handle(deliveryRequest({ id, at: clock.now(), ...(body !== undefined && { body }) })));
  /** Delivers and lets as much time go by as it takes. */
  const delivered = async (id: string, body?: string): Promise<string> => {
    const answer = deliver(id, body);
    await clock.advance(1_000);
    return (await answer)[1];
  };
  return { clock, onUser, onOutdated, onError, lines, handle, deliver, delivered };
}

const updated = (at: number, id = 'user_1') => eventBody('user.updated', { id, updated_at: at }, at + 5);
const deleted = (at: number, id = 'user_1') => eventBody('user.deleted', { id, object: 'user', deleted: true }, at);

describe('one event', () => {
  it('that is delivered fifty times at once has one effect', async () => {
    const { deliver, onUser, clock } = setUp();
    const answers = Array.from({ length: 50 }, () => deliver('msg_1'));
    await clock.advance(5_000);
    const codes = (await Promise.all(answers)).map(([status, code]) => `${status} ${code}`);
    expect(onUser).toHaveBeenCalledOnce();
    expect(codes.filter((code) => code === '200 handled')).toHaveLength(1);
    expect(codes.filter((code) => code === '200 duplicate')).toHaveLength(49);
  });

  it('whose handler takes long is not called handled before it is', async () => {
    const { clock, deliver, onUser, handle } = setUp();
    onUser.mockImplementation(() => clock.sleep(20_000));
    const first = deliver('msg_1');
    const second = handle(deliveryRequest({ at: clock.now() }));
    await clock.advance(8_000);
    const answer = await second;
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await told(answer)).toEqual([409, 'in_progress']);
    await clock.advance(20_000);
    expect(await first).toEqual([200, 'handled']);
    expect(await deliver('msg_1')).toEqual([200, 'duplicate']);
    expect(onUser).toHaveBeenCalledOnce();
  });

  it('whose server died is taken up two minutes later', async () => {
    const { clock, deliver, delivered, onUser } = setUp();
    onUser.mockReturnValueOnce(new Promise(() => {}));
    void deliver('msg_1');
    await clock.advance(110_000);
    const early = deliver('msg_1');
    await clock.advance(8_000);
    expect(await early).toEqual([409, 'in_progress']);
    await clock.advance(3_000);
    expect(await delivered('msg_1')).toBe('handled');
  });
});

describe('two events of one user', () => {
  it('are handled one after the other, and those of another user beside them', async () => {
    const { clock, deliver, onUser } = setUp();
    const answers = [
      deliver('msg_1', updated(1)),
      deliver('msg_2', updated(2)),
      deliver('msg_3', updated(3, 'user_2')),
    ];
    await clock.advance(50);
    expect(onUser).toHaveBeenCalledTimes(2);
    await clock.advance(2_000);
    expect(onUser).toHaveBeenCalledTimes(3);
    expect(await Promise.all(answers)).toEqual(Array(3).fill([200, 'handled']));
  });

  it('that come in the wrong order leave the newer one standing, and the older one is told once', async () => {
    const { delivered, onUser, onOutdated, onError } = setUp();
    expect(await delivered('msg_2', updated(2_000))).toBe('handled');
    expect(await delivered('msg_1', updated(1_000))).toBe('outdated');
    expect(await delivered('msg_1', updated(1_000))).toBe('duplicate');
    expect(onUser).toHaveBeenCalledOnce();
    expect(onOutdated).toHaveBeenCalledOnce();
    expect(onError).not.toHaveBeenCalled();
  });

  it('of which one deletes the user leave the user deleted', async () => {
    const { delivered, onUser } = setUp();
    expect(await delivered('msg_1', deleted(1_000))).toBe('handled');
    expect(await delivered('msg_2', updated(9_000))).toBe('outdated');
    expect(onUser).toHaveBeenCalledOnce();
  });

  it('of which the newer one failed let the older one in, and then the newer one', async () => {
    const { delivered, onUser } = setUp();
    onUser.mockRejectedValueOnce(new Error('no'));
    expect(await delivered('msg_2', updated(2_000))).toBe('handler_failed');
    expect(await delivered('msg_1', updated(1_000))).toBe('handled');
    expect(await delivered('msg_2', updated(2_000))).toBe('handled');
  });
});

describe('a claim that has ended by itself, and was given to somebody else', () => {
  const version = (updatedAt: number) => ({ object: 'user:u', updatedAt, eventAt: updatedAt, deleted: false });
  const theirs = { token: 'theirs', until: 9_000 };
  const rows = {
    delivery: { status: 'claimed', ...theirs },
    object: { applied: version(2), claim: theirs },
  } as const;
  const late = { deliveryId: 'msg_1', version: version(1), token: 'ours', outdated: false };

  it('is not given back by the first, when that fails', () => {
    expect(webhookStoreRules.fail(rows, late)).toEqual(rows);
    expect(webhookStoreRules.fail(rows, { ...late, token: 'theirs' })).toEqual({
      delivery: null,
      object: { applied: version(2), claim: null },
    });
  });

  it('is not ended by the first, when that has finished, nor is what is newer forgotten', () => {
    expect(webhookStoreRules.finish(rows, late)).toEqual({ delivery: { status: 'handled' }, object: rows.object });
    expect(webhookStoreRules.finish(rows, { ...late, token: 'theirs', version: version(3) }).object).toEqual({
      applied: version(3),
      claim: null,
    });
  });

  it('is left alone by an outdated event, which has claimed no object', () => {
    expect(webhookStoreRules.finish(rows, { ...late, token: 'theirs', outdated: true }).object).toEqual(rows.object);
  });
});

describe('a store that is down', () => {
  const throws = () => Promise.reject(new Error('store secret'));
  const hangs = () => new Promise<never>(() => {});

  it.each<[keyof WebhookStore, string, () => Promise<never>, number]>([
    ['claim', 'throws', throws, 0],
    ['claim', 'hangs', hangs, 0],
    ['finish', 'throws', throws, 1],
    ['finish', 'hangs', hangs, 1],
  ])('at %s (%s) is answered 503, with a time to come back', async (call, _, how, effects) => {
    const { clock, handle, onUser, onError, lines } = setUp({ [call]: how });
    const answer = handle(deliveryRequest({ at: clock.now() }));
    await clock.advance(6_000);
    const response = await answer;
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await told(response)).toEqual([503, 'store_unavailable']);
    expect(onUser).toHaveBeenCalledTimes(effects);
    expect(onError).toHaveBeenCalledOnce();
    expect(lines).toMatchObject([{ level: 'error', code: 'store_unavailable', errorName: 'Error' }]);
    expect(JSON.stringify(lines)).not.toContain('store secret');
  });

  it.each([
    ['throws', throws],
    ['hangs', hangs],
  ])('at fail (%s) is answered with the handler’s failure', async (_, how) => {
    const { delivered, onUser, clock, deliver } = setUp({ fail: how });
    onUser.mockRejectedValueOnce(new Error('no'));
    const answer = deliver('msg_1');
    await clock.advance(6_000);
    expect((await answer)[1]).toBe('handler_failed');
    await clock.advance(120_000);
    expect(await delivered('msg_2', updated(1))).toBe('handled');
  });

  it('that throws at once is one that is down', async () => {
    const { delivered } = setUp({
      claim: () => {
        throw new Error('now');
      },
    });
    expect(await delivered('msg_1')).toBe('store_unavailable');
  });
});

describe('versionOf', () => {
  it.each<[string, object, ReturnType<typeof versionOf>]>([
    [
      'user.updated',
      { data: { id: 'u', updated_at: 7 }, timestamp: 9 },
      { object: 'user:u', updatedAt: 7, eventAt: 9, deleted: false },
    ],
    [
      'user.deleted',
      { data: { id: 'u', deleted: true }, timestamp: 9 },
      { object: 'user:u', updatedAt: 9, eventAt: 9, deleted: true },
    ],
    [
      'role.deleted',
      { data: { id: 'r', updated_at: 7 } },
      { object: 'role:r', updatedAt: 7, eventAt: 7, deleted: true },
    ],
    [
      'user.deleted',
      { data: { id: 'u', deleted: true } },
      { object: 'user:u', updatedAt: 0, eventAt: 0, deleted: true },
    ],
    ['user.updated', { data: { id: 'u' } }, null],
    ['user.updated', { data: { updated_at: 7 }, timestamp: 9 }, null],
    ['user.updated', { data: { id: 'u', updated_at: 'yesterday' }, timestamp: Number.NaN }, null],
  ])('of %s %o', (type, event, version) => {
    expect(versionOf({ type, ...(event as { data: object }) })).toEqual(version);
  });
});

describe('isOutdated', () => {
  const at = (updatedAt: number, eventAt = updatedAt, isDeleted = false) => ({
    updatedAt,
    eventAt,
    deleted: isDeleted,
  });
  it.each([
    ['nothing stored', null, at(1), false],
    ['older stored', at(1), at(2), false],
    ['newer stored', at(2), at(1), true],
    ['the same', at(1), at(1), false],
    ['the same update, told earlier', at(1, 3), at(1, 2), true],
    ['deleted, then anything', at(1, 1, true), at(9), true],
    ['deleted twice', at(1, 1, true), at(9, 9, true), true],
    ['a deletion with an older time', at(9), at(1, 1, true), false],
  ])('%s', (_, stored, version, expected) => {
    expect(isOutdated(stored, version)).toBe(expected);
  });
});
