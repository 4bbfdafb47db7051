import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../../scripts/demo/openBrowser.ts';
import { readOptions } from '../../scripts/demo/readOptions.ts';
import { runDemo } from './startDemo.ts';

describe('the options of the demo', () => {
  it('have defaults', () => {
    expect(readOptions([])).toEqual({ clerk: '5', port: 5280, open: true, help: false });
  });

  it('are read, also behind the -- that pnpm passes on', () => {
    expect(readOptions(['--', '--clerk=6', '--port', '6000', '--no-open'])).toEqual({
      clerk: '6',
      port: 6000,
      open: false,
      help: false,
    });
  });

  it.each([
    [['--clerk=7'], /--clerk is "7"; use 5 or 6/],
    [['--port=http'], /--port is "http"; use a number/],
    [['--color'], /Unknown option '--color'.*--no-open/s],
  ])('refuses %o and names the mend', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

describe('the demo', () => {
  const { server, close } = takenPort();
  afterEach(close);

  it('says so when its port is taken, and how to choose another', async () => {
    const port = await server();
    const { exit, output } = runDemo([`--port=${port}`]);
    expect(await exit).toBe(1);
    expect(output()).toContain(`Port ${port} cannot be used (EADDRINUSE)`);
    expect(output()).toContain(`npm run demo -- --port=${port + 1}`);
    expect(output()).not.toMatch(/\n\s+at /);
  });

  it('refuses half of the real settings', async () => {
    const { exit, output } = runDemo(['--port=0'], { VITE_CONVEX_URL: 'https://happy-animal-123.convex.cloud' });
    expect(await exit).toBe(1);
    expect(output()).toMatch(/VITE_CLERK_PUBLISHABLE_KEY is not set.*Set both.*or neither/);
  });

  it('opens no browser where there is none', () => {
    expect(openBrowser('http://localhost/', { CI: 'true', DISPLAY: ':0' })).toBe(false);
    if (process.platform === 'linux') expect(openBrowser('http://localhost/', {})).toBe(false);
  });
});

function takenPort() {
  const server = createServer();
  return {
    server: async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    close: () => void server.close(),
  };
}
