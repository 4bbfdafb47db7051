import { describe, expect, it } from 'vitest';
import { runChecks } from '../diagnose.ts';
import type { LogEvidence } from '../evidence.ts';
import { findingCodes } from '../findings.ts';
import { logChecks } from './logChecks.ts';

const empty: LogEvidence = { tokenFailures: {}, templateNotFound: 0, withoutIdentity: [], refusals: [], codes: [] };
const found = (changed: Partial<LogEvidence>) =>
  runChecks(logChecks, { log: { ...empty, ...changed } }).map(({ code, args }) => [code, args]);

describe('logChecks', () => {
  it.each<[string, Partial<LogEvidence>, [string, unknown][]]>([
    ['nothing', {}, []],
    [
      'a cascade of network failures: the most frequent first',
      { tokenFailures: { ERR_NAME_NOT_RESOLVED: 1, ERR_NETWORK_CHANGED: 3, 500: 2, ERR_TIMED_OUT: 0 } },
      [['TOKEN_REQUESTS_FAILED', { seen: 'ERR_NETWORK_CHANGED (3×), 500 (2×), ERR_NAME_NOT_RESOLVED (1×)' }]],
    ],
    ['a template that is not found', { templateNotFound: 4 }, [['JWT_TEMPLATE_MISSING', {}]]],
    [
      'functions that run as nobody',
      { withoutIdentity: ['users:store called { hasIdentity: false }', 'Uncaught Error: Not authenticated'] },
      [['FUNCTION_RAN_WITHOUT_IDENTITY', { seen: 'users:store called { hasIdentity: false }', times: 2 }]],
    ],
    [
      'refusals, each text once',
      {
        refusals: [
          'No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.',
          'Convex token identity expired',
          'No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.',
        ],
      },
      [['AUTH_CONFIG_NOT_DEPLOYED', {}]],
    ],
    [
      'a refusal that does not say why',
      {
        refusals: [
          "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.",
        ],
      },
      [['TOKEN_SIGNATURE_MISMATCH', { isUnsure: true }]],
    ],
    [
      'deliveries that no secret fits',
      { deliveries: { refused: 2, accepted: 0 } },
      [['WEBHOOK_SIGNATURE_REFUSED', { times: 2, accepted: 0 }]],
    ],
    ['as many that one fits', { deliveries: { refused: 2, accepted: 2 } }, []],
    [
      'a code of our own',
      { codes: ['WEBHOOK_SECRET_MISSING', 'WEBHOOK_SECRET_MISSING'] },
      [['WEBHOOK_SECRET_MISSING', { name: 'CLERK_WEBHOOK_SIGNING_SECRET' }]],
    ],
    ['what is no code', { codes: ['toString', '__proto__', 'SOMETHING'] }, []],
  ])('%s', (_name, changed, expected) => {
    expect(found(changed)).toEqual(expected);
  });

  it('show nothing of a person or a token', () => {
    const line = 'store called for ada@example.com with eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2ln';
    expect(found({ withoutIdentity: [line] })).toEqual([
      ['FUNCTION_RAN_WITHOUT_IDENTITY', { seen: 'store called for … with …', times: 1 }],
    ]);
  });

  it('know codes that there are', () => {
    const codes = found({ codes: findingCodes }).map(([code]) => code);
    expect(codes.length).toBeGreaterThan(20);
    expect(findingCodes).toEqual(expect.arrayContaining(codes));
  });
});
