import { describe, expect, it } from 'vitest';
import { explainReference } from './explainReference.ts';

describe('explainReference', () => {
  it.each<[string, object | null]>([
    [
      'JWT_TEMPLATE_MISSING 20261126T1844Z 1.4.2',
      { code: 'JWT_TEMPLATE_MISSING', at: '2026-11-26T18:44Z', build: '1.4.2', findings: ['JWT_TEMPLATE_MISSING'] },
    ],
    [
      'resource_not_found 20261126T1844Z',
      { at: '2026-11-26T18:44Z', findings: ['JWT_TEMPLATE_MISSING', 'JWT_TEMPLATE_MISNAMED'] },
    ],
    ['MISCONFIGURED', { code: 'MISCONFIGURED' }],
    ['ERR_NETWORK_CHANGED 20261126T1844Z', { findings: ['TOKEN_REQUESTS_FAILED', 'FRONTEND_API_UNREACHABLE'] }],
    ['SESSION_ENDED 20261126T1844Z', { findings: [] }],
    ['SOMETHING_ELSE 20261126T1844Z', { findings: [], meaning: expect.stringContaining('does not know') }],
    ['what is this?', { code: 'WHAT' }],
    ['!!', null],
    ['', null],
  ])('%s', (text, expected) => {
    if (expected === null) expect(explainReference(text)).toBeNull();
    else expect(explainReference(text)).toMatchObject(expected);
  });
});
