import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

describe('the entry ./core', () => {
  it('touches no global of a plain Node when it is imported, and gives back what it wrapped', async () => {
    const entry = fileURLToPath(new URL('./core.ts', import.meta.url));
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      write: false,
    });
    const program = `
      const look = () => new Map(Reflect.ownKeys(globalThis).map((key) => {
        const { get, set, value } = Reflect.getOwnPropertyDescriptor(globalThis, key);
        return [key, [get, set, value]];
      }));
      const changed = (a, b) => [...new Set([...a.keys(), ...b.keys()])]
        .filter((key) => !a.has(key) || !b.has(key) || a.get(key).some((each, i) => !Object.is(each, b.get(key)[i]))).map(String);
      const nativeFetch = fetch;
      look(); // Node 24 makes some of its globals when they are looked at for the first time
      const before = look();
      const core = await import('data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}');
      const imported = changed(before, look());
      const guard = core.installClerkFetchGuard();
      const installed = [fetch !== nativeFetch];
      guard.uninstall();
      core.createTokenRetryFetch();
      console.log(JSON.stringify({ imported, installed, afterwards: changed(before, look()), names: Object.keys(core) }));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(JSON.parse(stdout)).toEqual({
      imported: [],
      installed: [true],
      afterwards: [],
      names: expect.arrayContaining([
        'createTokenRetryFetch',
        'createAuthFetch',
        'classifyAuthError',
        'installClerkFetchGuard',
        'systemClock',
        'browserConnectivity',
        'AuthResilienceError',
        'retryPolicies',
      ]),
    });
  });
});
