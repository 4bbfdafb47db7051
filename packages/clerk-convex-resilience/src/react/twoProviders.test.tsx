// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/eventually.ts';
import {
  createSeen,
  createTestClient,
  createTestProviders,
  type TestProviders,
  turn,
} from '../../../../test/support/providers.tsx';

let page: TestProviders;

beforeEach(() => {
  localStorage.clear();
  page = createTestProviders();
  Object.assign(window, { Clerk: page.clerkJs });
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = '__client_uat=1700000000';
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  Reflect.deleteProperty(window, 'Clerk');
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no Cookie Store API
  document.cookie = '__client_uat=;max-age=0';
});

describe('a sign-out at one of two providers on a page', () => {
  it('is one at the other, too, while Clerk is loading: nothing runs as that user when it has', async () => {
    const [one, two] = [createTestClient(), createTestClient()];
    const [first, second] = [createSeen(), createSeen()];
    render(
      <>
        {page.provider(one, first)}
        {page.provider(two, second)}
      </>,
    );
    await turn();
    await act(async () => void first.health.signOut());
    expect([first, second].map(({ word, health }) => [word, health.status])).toEqual([
      ['out', 'signed_out'],
      ['out', 'signed_out'],
    ]);
    await page.says('sess_1');
    for (let i = 0; i < 3; i++) await turn();
    expect([...one.tokens, ...two.tokens].filter(Boolean)).toEqual([]);
    expect([second.word, second.health.status]).toEqual(['out', 'signed_out']);
  });

  it('is one at both at once in an outage', async () => {
    const [one, two] = [createTestClient(), createTestClient()];
    const [first, second] = [createSeen(), createSeen()];
    await page.says('sess_1');
    render(
      <>
        {page.provider(one, first)}
        {page.provider(two, second)}
      </>,
    );
    await eventually(async () => {
      await turn();
      expect([first.word, second.word]).toEqual(['in', 'in']);
    });
    await act(async () => void first.health.signOut());
    expect([first.word, second.word]).toEqual(['out', 'out']);
    expect([one.isSomebody, two.isSomebody]).toEqual([false, false]);
  });
});
