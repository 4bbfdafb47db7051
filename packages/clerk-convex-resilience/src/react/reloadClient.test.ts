import { describe, expect, it } from 'vitest';
import { reloadClient } from './reloadClient.ts';

type Sessions = { id: string; status?: string }[];

describe('reloadClient', () => {
  it('resolves with the sessions that Clerk has, but for those that are over', async () => {
    const clerk = {
      client: {
        sessions: [] as Sessions,
        async reload() {
          clerk.client.sessions = [
            { id: 'sess_1' },
            { id: 'sess_2', status: 'pending' },
            { id: 'sess_3', status: 'removed' },
          ];
        },
      },
    };
    expect(await reloadClient(() => clerk)).toEqual(['sess_1', 'sess_2']);
  });

  it.each([
    ['there is no Clerk', undefined],
    ['it is not loaded', {}],
    ['the request resolved without an answer', { client: { sessions: [] as Sessions, async reload() {} } }],
  ])('rejects when %s', async (_, clerk) => {
    await expect(reloadClient(() => clerk)).rejects.toThrow('Clerk did not answer');
  });
});
