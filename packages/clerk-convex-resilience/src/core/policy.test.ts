import { describe, expect, it } from 'vitest';
import { AuthResilienceError } from './errors.ts';
import { type RetryPolicyOptions, resolvePolicy, retryPolicies } from './policy.ts';

describe('resolvePolicy', () => {
  it('fills what is left out from the base', () => {
    expect(resolvePolicy()).toEqual(retryPolicies.request);
    expect(resolvePolicy({ retries: 2 }, retryPolicies.session)).toEqual({ ...retryPolicies.session, retries: 2 });
    expect(resolvePolicy(JSON.parse('{"retries":0}')).retries).toBe(0);
  });

  it('takes an option that is undefined as left out', () => {
    expect(resolvePolicy({ retries: undefined } as unknown as RetryPolicyOptions)).toEqual(retryPolicies.request);
  });

  it.each<[options: unknown, option: string, value: string, expected: string]>([
    [{ retries: -1 }, 'policy.retries', '-1', 'a whole number from 0 to Infinity'],
    [{ retries: 1.5 }, 'policy.retries', '1.5', 'a whole number'],
    [{ retries: '3' }, 'policy.retries', '"3"', 'a whole number'],
    [{ retries: Number.NaN }, 'policy.retries', 'NaN', 'a whole number'],
    [{ attemptTimeoutMs: 0 }, 'policy.attemptTimeoutMs', '0', 'a number from 1 to'],
    [{ attemptTimeoutMs: Infinity }, 'policy.attemptTimeoutMs', 'Infinity', 'a number from 1 to 2147483647'],
    [{ firstDelayMs: -5 }, 'policy.firstDelayMs', '-5', 'a number from 0'],
    [{ maxDelayMs: 2 ** 31 }, 'policy.maxDelayMs', '2147483648', 'to 2147483647'],
    [{ retrys: 3 }, 'policy.retrys', '3', 'one of retries, attemptTimeoutMs'],
    [7, 'policy', '7', 'an object'],
    [null, 'policy', 'null', 'an object'],
  ])('refuses %o and names the option, its value and what was expected', (options, option, value, expected) => {
    let caught: unknown;
    try {
      resolvePolicy(options as RetryPolicyOptions);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(AuthResilienceError);
    expect(caught).toMatchObject({ code: 'invalid_option' });
    const { message } = caught as Error;
    expect(message).toContain(`${option} is ${value}, `);
    expect(message).toContain(expected);
  });
});
