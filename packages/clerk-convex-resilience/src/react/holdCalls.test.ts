import { expect, it } from 'vitest';
import type { ConvexClientLike } from './convexTypes.ts';
import { holdCalls } from './holdCalls.ts';

class Client implements ConvexClientLike {
  readonly sent: unknown[] = [];
  setAuth(): void {}
  clearAuth(): void {}
  async mutation(...args: unknown[]): Promise<string> {
    this.sent.push(args);
    return 'done';
  }
  query(): never {
    throw new Error('closed');
  }
}

it('sends what was asked for once it is let go of, in order, and gives back what came of it', async () => {
  const client = new Client();
  const letGo = holdCalls(client);
  const asked = [client.mutation('a', 1), client.mutation('b')];
  await Promise.resolve();
  expect(client.sent).toEqual([]);
  letGo();
  expect(await Promise.all(asked)).toEqual(['done', 'done']);
  expect(client.sent).toEqual([['a', 1], ['b']]);
});

it('rejects with what the client throws', async () => {
  const client: { query(): unknown } & ConvexClientLike = new Client();
  const letGo = holdCalls(client);
  const asked = client.query();
  letGo();
  await expect(asked).rejects.toThrow('closed');
});

it('leaves the client as it was, and alone what somebody else has put there meanwhile', () => {
  const client = new Client();
  holdCalls(client)();
  expect(Object.keys(client)).toEqual(['sent']);
  const own = async (): Promise<string> => 'own';
  client.mutation = own;
  holdCalls(client)();
  expect(client.mutation).toBe(own);
  const letGo = holdCalls(client);
  const theirs = async (): Promise<string> => 'theirs';
  client.mutation = theirs;
  letGo();
  expect(client.mutation).toBe(theirs);
});

it('leaves the client as it was where two providers of one client hold its calls', async () => {
  const client = new Client();
  const [one, two] = [holdCalls(client), holdCalls(client)];
  const asked = client.mutation('a');
  one();
  two();
  expect(await asked).toBe('done');
  expect(client.sent).toEqual([['a']]);
  expect(Object.keys(client)).toEqual(['sent']);
});
