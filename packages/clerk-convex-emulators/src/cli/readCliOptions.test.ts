import { expect, test } from 'vitest';
import { readCliOptions } from './readCliOptions.ts';

test('without options it takes ./convex, free ports and the default user', () => {
  expect(readCliOptions([])).toEqual({
    clerk: { host: '127.0.0.1' },
    convex: { dir: './convex', host: '127.0.0.1', env: {} },
    webhookUrl: undefined,
  });
});

test('repeated variables and users are all kept, values may hold the separator', () => {
  const { clerk, convex } = readCliOptions([
    ...['--env', 'A=1', '--env=B=x=y', '--env', 'C='],
    ...['--user', 'ada@example.com:a:b', '--user=bob@example.com:c'],
  ]);
  expect(convex.env).toEqual({ A: '1', B: 'x=y', C: '' });
  expect(clerk.users).toEqual([
    { emailAddress: 'ada@example.com', password: 'a:b' },
    { emailAddress: 'bob@example.com', password: 'c' },
  ]);
});

test('every option reaches its emulator', () => {
  const options = readCliOptions([
    ...['--convex', 'app/convex', '--host', '0.0.0.0', '--clerk-port=1', '--convex-port', '2', '--site-port', '3'],
    ...['--token-life', '30', '--integration', '--webhook-url', '/clerk-webhook', '--state-file', 's.json', '--redact'],
  ]);
  expect(options).toEqual({
    clerk: { host: '0.0.0.0', port: 1, tokenLifeSeconds: 30, convexIntegration: true },
    convex: {
      dir: 'app/convex',
      host: '0.0.0.0',
      port: 2,
      sitePort: 3,
      env: {},
      stateFile: 's.json',
      redactErrors: true,
    },
    webhookUrl: '/clerk-webhook',
  });
});

test.each([
  [['--clerk-prot', '1'], 'There is no option --clerk-prot. Run with --help'],
  [['serve'], 'There is no option serve.'],
  [['--clerk-port', 'http'], '--clerk-port is "http"; use a whole number.'],
  [['--convex'], '--convex has no value. Write --convex=<folder>.'],
  [['--convex', '--integration'], '--convex has no value.'],
  [['--convex', 'a', '--convex', 'b'], '--convex is given twice'],
  [['--redact=no'], '--redact takes no value. Write --redact alone, or leave it out.'],
  [['--integration='], '--integration takes no value.'],
  [['--env', 'novalue'], 'Write --env NAME=value.'],
  [['--user', 'ada'], 'Write --user ada@example.com:secret.'],
  [['--webhook-url', 'clerk-webhook'], '--webhook-url is "clerk-webhook"; use a URL'],
])('%j is refused with the mend', (args, message) => {
  expect(() => readCliOptions(args)).toThrow(message);
});
