import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** A certificate that nobody trusts, for a day. */
export async function createCertificate(folder: string): Promise<Certificate> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', 'req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '1', '-subj', '/CN=lab.test');
  return { key: await readFile(key), cert: await readFile(cert) };
}
