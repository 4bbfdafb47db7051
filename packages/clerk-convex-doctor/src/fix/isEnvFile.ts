import { posix } from 'node:path';

/** `.env`, `apps/web/.env.local`: a file whose values are nobody's business. */
export const isEnvFile = (file: string): boolean => /^\.env(\.|$)/.test(posix.basename(file));
