import { CannotRun } from './cannotRun.ts';

/** `no_project`: the folder is not there, or has no package.json. `unreadable`: its package.json cannot be read, or is no JSON. */
export type DoctorErrorCode = 'no_project' | 'unreadable';

/** There is nothing to look at. The message says what is wrong, and what to do. */
export class DoctorError extends CannotRun {
  readonly code: DoctorErrorCode;

  constructor(code: DoctorErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
