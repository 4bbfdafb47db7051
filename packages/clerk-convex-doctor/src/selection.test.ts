import { finding } from 'clerk-convex-resilience/diagnosis';
import { describe, expect, it } from 'vitest';
import { readSelection } from './selection.ts';

const template = finding('JWT_TEMPLATE_MISSING', {});
const webhook = finding('WEBHOOK_SECRET_MISSING', { name: 'CLERK_WEBHOOK_SIGNING_SECRET' });
const copies = finding('REACT_DUPLICATED', { versions: '18, 19' });

describe('readSelection', () => {
  it.each<[readonly string[], readonly object[]]>([
    [['JWT_TEMPLATE_MISSING'], [template]],
    [['jwt-template-missing'], [template]],
    [['webhooks'], [webhook]],
    [['token,webhooks'], [template, webhook]],
    [
      ['backend-api', 'packages'],
      [template, copies],
    ],
    [['webhook-routes'], [webhook]],
    [['files'], [webhook, copies]],
    [['network'], [template, webhook]],
  ])('%j', (names, expected) => {
    const { has } = readSelection(names);
    expect([template, webhook, copies].filter(has)).toEqual(expected);
  });

  it('asks the network only where some of it is known from there', () => {
    expect(readSelection(['files']).needsNetwork).toBe(false);
    expect(readSelection(['webhook-routes', 'stale-build']).needsNetwork).toBe(false);
    expect(readSelection(['files', 'clock']).needsNetwork).toBe(true);
    expect(readSelection(['webhooks']).needsNetwork).toBe(true);
    const ofFiles = ['packages', 'source', 'middleware', 'leftovers', 'VERSION_UNSUPPORTED', 'SECRET_IN_TRACKED_FILE'];
    const ofBoth = ['keys', 'token', 'issuer', 'clerk', 'convex', 'auth-config', 'clock'];
    const codes = ['JWT_TEMPLATE_MISSING', 'SECRET_KEY_REFUSED', 'WEBHOOK_SECRET_MISSING', 'CLERK_INCIDENT'];
    for (const name of ofFiles) expect([name, readSelection([name]).needsNetwork]).toEqual([name, false]);
    for (const name of [...ofBoth, ...codes]) expect([name, readSelection([name]).needsNetwork]).toEqual([name, true]);
  });

  it.each([
    [['nonsense'], /knows no "nonsense"\. There is: files \(project, .*network \(.*frontend-api.*token, auth-config/],
    [[' , '], /names nothing/],
  ])('refuses %j and says what there is', (names, message) => {
    expect(() => readSelection(names)).toThrow(message);
  });
});
