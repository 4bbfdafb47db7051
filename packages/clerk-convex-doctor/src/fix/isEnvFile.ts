import { posix } from 'node:path';

/** `.env`, `apps/web/.env.local`, `config/prod.env`, `.envrc`: a file whose values are nobody's business. */
export const isEnvFile = (file: string): boolean => /(^|[._-])env(rc)?([._-]|$)/i.test(posix.basename(file));
