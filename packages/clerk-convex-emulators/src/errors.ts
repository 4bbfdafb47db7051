/** What an emulator throws: a stable `code`, and a message that says what is wrong and what to do. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
  constructor(
    /** Stable, for programs. */
    readonly code: EmulatorErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type EmulatorErrorCode =
  | 'invalid_option'
  | 'invalid_fault'
  | 'port_taken'
  | 'functions_invalid'
  | 'auth_config_missing_env'
  | 'unknown_user'
  | 'unknown_session'
  | 'unknown_client'
  | 'unknown_template'
  | 'unknown_delivery';
