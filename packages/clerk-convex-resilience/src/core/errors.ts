/** What this library throws: a stable `code`, and a message that says what is wrong and what to do. */
export class AuthResilienceError extends Error {
  override readonly name = 'AuthResilienceError';
  constructor(
    /** Stable, for programs. */
    readonly code: AuthResilienceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type AuthResilienceErrorCode = 'invalid_option' | 'missing_provider' | 'no_token' | 'session_changed';

/** The error for an option that was given and cannot be used. The value is shown, so never call it with a secret. */
export function invalidOption(option: string, value: unknown, expected: string): AuthResilienceError {
  const seen =
    typeof value === 'string' ? JSON.stringify(value) : typeof value === 'function' ? 'a function' : `${value}`;
  return new AuthResilienceError('invalid_option', `${option} is ${seen}, but it must be ${expected}.`);
}
