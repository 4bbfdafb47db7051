import { EmulatorError, type EmulatorErrorCode } from './errors.ts';

/** Refuses a misspelt key, which would else be as good as left out. `whose` begins the message: `A fault`. */
export function refuseUnknownKeys(
  whose: string,
  value: object,
  known: readonly string[],
  code: EmulatorErrorCode = 'invalid_option',
): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw new EmulatorError(code, `${whose} has no \`${key}\`. Known: ${known.join(', ')}.`);
  }
}
