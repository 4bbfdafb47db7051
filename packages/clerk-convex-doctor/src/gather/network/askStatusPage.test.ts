import { expect, it } from 'vitest';
import { incidentsIn } from './askStatusPage.ts';

const answer = (json: unknown, status = 200) => ({
  status,
  headers: new Headers(),
  body: JSON.stringify(json),
  isWhole: true,
  askedAt: 0,
  answeredAt: 0,
});
const open = { name: 'Sign-ins are failing', status: 'investigating' };
const over = { name: 'It was slow', status: 'resolved' };

it.each([
  ['Statuspage, all is well', { status: { indicator: 'none' }, incidents: [] }, [], true],
  ['Statuspage', { status: { indicator: 'major' }, incidents: [over, open] }, [open.name], true],
  ['incident.io', { page_title: 'Clerk', ongoing_incidents: [open] }, [open.name], true],
  ['incident.io, wrapped', { summary: { ongoing_incidents: [open] } }, [open.name], true],
  ['a postmortem', { incidents: [{ name: 'x', status: 'postmortem' }] }, [], true],
  ['no list, and all is well', { status: { indicator: 'none', description: 'fine' } }, [], false],
  ['no list, and maintenance', { status: { indicator: 'maintenance', description: 'later' } }, [], false],
  [
    'no list, and trouble',
    { status: { indicator: 'major', description: 'Partial outage' } },
    ['Partial outage'],
    false,
  ],
])('reads the shape of %s', (_, json, titles, isComplete) => {
  expect(incidentsIn(answer(json))).toEqual({ titles, isComplete });
});

it('takes a title as one line without secrets', () => {
  const name = 'Down\u001b[31m\n\u0007for ada@example.com';
  expect(incidentsIn(answer({ incidents: [{ name }] }))?.titles).toEqual(['Down for …']);
});

it.each([
  ['a fault', { fault: 'dns', reason: 'ENOTFOUND' } as const],
  ['a 404', answer({ incidents: [] }, 404)],
  ['a list', answer([open])],
  ['another shape', answer({ status: 'ok' })],
  ['HTML', { ...answer(0), body: '<html>' }],
])('reads nothing from %s', (_, given) => {
  expect(incidentsIn(given)).toBeUndefined();
});
