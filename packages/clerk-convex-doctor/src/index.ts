export { CannotRun } from './cannotRun.ts';
export { DoctorError, type DoctorErrorCode } from './DoctorError.ts';
export { type Group, groupOf, groups } from './groups.ts';
export type { Io } from './io.ts';
export { readLog } from './log/readLog.ts';
export { main } from './main.ts';
export type { JsonFailure, JsonFinding, JsonFix, JsonReport } from './print/jsonReport.ts';
export { type RunOptions, runDoctor } from './runDoctor.ts';
export type { AppReport, DoctorOptions, DoctorReport, Endpoints, Step } from './types.ts';
