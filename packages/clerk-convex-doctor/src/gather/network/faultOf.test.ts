import { expect, it } from 'vitest';
import { faultOf } from './faultOf.ts';

const withCause = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error('why'), { code }) });

it.each([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['CERT_NOT_YET_VALID', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['EPROTO', 'tls'],
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['EHOSTUNREACH', 'other'],
  ['HPE_INVALID_CONSTANT', 'other'],
])('takes the code %s of a cause for %s', (code, fault) => {
  expect(faultOf(withCause(code))).toEqual({ fault, reason: code });
});

it('finds the code in the attempts on several addresses', () => {
  const attempts = ['ECONNREFUSED', 'ECONNREFUSED'].map((code) => Object.assign(new Error(code), { code }));
  expect(faultOf(new TypeError('fetch failed', { cause: new AggregateError(attempts) }))).toEqual({
    fault: 'refused',
    reason: 'ECONNREFUSED',
  });
});

it.each([['text'], [null], [undefined], [new Error('https://a.example/?token=secret')], [{ code: 'a b' }]])(
  'knows nothing of %o, and repeats none of it',
  (error) => {
    expect(faultOf(error)).toEqual({ fault: 'other', reason: 'UNKNOWN' });
  },
);
