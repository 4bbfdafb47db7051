import { EmulatorError } from '../errors.ts';

/** Checks a port. Throws `EmulatorError` `invalid_option` that names the option and the mend. */
export function readPort(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new EmulatorError(
    'invalid_option',
    `\`${option}\` is ${value}; use a port from 1 to 65535, or leave it out for a free one.`,
  );
}
