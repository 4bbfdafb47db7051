import { expect, it } from 'vitest';
import type { AuthEventBody } from '../core/events.ts';
import { createConfiguredReport } from './createConfiguredReport.ts';

const key = `pk_live_${btoa('clerk.example.com$')}`;

function setUp() {
  const events: AuthEventBody[] = [];
  return { events, tell: createConfiguredReport((event) => events.push(event)) };
}

it('tells the hosts of Convex and of Clerk, each once, and never the key', () => {
  const { events, tell } = setUp();
  tell('https://happy-animal-123.convex.cloud/?secret=1', undefined);
  tell('https://happy-animal-123.convex.cloud/?secret=1', key);
  tell('https://happy-animal-123.convex.cloud/?secret=1', key);
  expect(events).toEqual([
    { type: 'convex_url_configured', host: 'happy-animal-123.convex.cloud' },
    { type: 'publishable_key_configured', instance: 'live', host: 'clerk.example.com' },
  ]);
  expect(JSON.stringify(events)).not.toMatch(/pk_|secret/);
});

it('tells it again when it is another one, and nothing of what is none', () => {
  const { events, tell } = setUp();
  tell('http://127.0.0.1:3210', 'sk_live_verysecret');
  tell('happy-animal-123', 'pk_test_x');
  tell('https://other.convex.cloud', undefined);
  expect(events.map((event) => 'host' in event && event.host)).toEqual(['127.0.0.1:3210', 'other.convex.cloud']);
});
