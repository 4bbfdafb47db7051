import { describe, expect, it } from 'vitest';
import { reloadClient } from './reloadClient.ts';

type Sessions = { id: string }[];

describe('reloadClient', () => {
  it('resolves with the sessions that Clerk has', async () => {
    const clerk = {
      client: {
        sessions: [] as Sessions,
        async reload() {
          clerk.client.sessions = [{ id: 'sess_1' }];
        },
      },
    };
    expect(await reloadClient(() => clerk)).toEqual(['sess_1']);
  });

  it.each([
    ['there is no Clerk', undefined],
    ['it is not loaded', {}],
    ['the request resolved without an answer', { client: { sessions: [] as Sessions, async reload() {} } }],
  ])('rejects when %s', async (_, clerk) => {
    await expect(reloadClient(() => clerk)).rejects.toThrow('Clerk did not answer');
  });
});
