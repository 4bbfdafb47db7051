import type { ConvexReactClient } from 'convex/react';
import { makeFunctionReference } from 'convex/server';
import { beforeEach, describe, expect, it } from 'vitest';
import { withPublicReads } from './withPublicReads.ts';

const query = makeFunctionReference<'query'>('posts:list');

/** A client of one query, which answers when the test says so. */
class OneQueryClient {
  answer: (() => unknown) | undefined;
  closed = 0;
  readonly listeners = new Set<() => void>();
  readonly url = 'https://happy-otter-123.convex.cloud';
  watchQuery() {
    return {
      onUpdate: (listener: () => void) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      localQueryResult: () => this.answer?.(),
    };
  }
  mutation() {
    return this;
  }
  close() {
    this.closed++;
  }
  answers(answer: () => unknown): void {
    this.answer = answer;
    for (const listener of [...this.listeners]) listener();
  }
}

let own: OneQueryClient;
/** The anonymous clients that were opened. */
let opened: OneQueryClient[];
let isHeld: boolean;
let reading: ConvexReactClient;

beforeEach(() => {
  own = new OneQueryClient();
  opened = [];
  isHeld = true;
  const open = (): ConvexReactClient => {
    const client = new OneQueryClient();
    opened.push(client);
    return client as unknown as ConvexReactClient;
  };
  reading = withPublicReads(own as unknown as ConvexReactClient, () => isHeld, open);
});

const turn = (): Promise<void> => Promise.resolve();
const result = (): unknown => reading.watchQuery(query).localQueryResult();
const watch = (): (() => void) => reading.watchQuery(query).onUpdate(() => {});

describe('while the client is held', () => {
  it('answers with what the anonymous client says', () => {
    watch();
    expect(result()).toBeUndefined();
    opened[0]?.answers(() => 'public');
    expect(result()).toBe('public');
  });

  it('takes an error of the anonymous client for no answer yet', () => {
    watch();
    opened[0]?.answers(() => {
      throw new Error('Not authenticated');
    });
    expect(result()).toBeUndefined();
  });

  it('opens one anonymous client for all', () => {
    watch();
    watch();
    expect(opened).toHaveLength(1);
  });

  it('opens none for a query that the client has an answer or an error for', () => {
    own.answer = () => 'own';
    watch();
    own.answer = () => {
      throw new Error('a bug of the query');
    };
    watch();
    expect(opened).toHaveLength(0);
    expect(result).toThrow('a bug of the query');
  });
});

it('keeps the public answer until the client has its own, and closes the anonymous client then', async () => {
  watch();
  opened[0]?.answers(() => 'public');
  isHeld = false;
  await turn();
  expect(result()).toBe('public');
  own.answers(() => 'own');
  expect(result()).toBe('own');
  await turn();
  expect(opened[0]).toMatchObject({ closed: 1, listeners: new Set() });
  expect(own.listeners.size).toBe(1);
});

it('closes the anonymous client when nobody watches any more, but not between two subscriptions of one turn', async () => {
  const unwatch = watch();
  unwatch();
  const unwatchAgain = watch();
  await turn();
  expect(opened).toHaveLength(1);
  unwatchAgain();
  await turn();
  expect(opened[0]?.closed).toBe(1);
  expect(own.listeners.size).toBe(0);
});

it('opens nothing once the client is not held any more', () => {
  isHeld = false;
  watch();
  expect(opened).toHaveLength(0);
});

it('is the client in everything else', () => {
  watch();
  expect((reading as unknown as OneQueryClient).mutation()).toBe(reading);
  expect(opened[0]?.closed).toBe(0);
  expect(reading.url).toBe(own.url);
});
