import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { add, emulatorForTests, modify, mutate } from '../../../../test/contract/convexFixture/emulatorForTests.ts';
import { writeConvexFolder } from '../../../../test/contract/convexFixture/writeConvexFolder.ts';
import { createConvexEmulator } from './createConvexEmulator.ts';

/** Tries until something listens. */
async function whenListening<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!/ECONNREFUSED/.test(inspect(error))) throw error;
      await setImmediate();
    }
  }
}

const suite = emulatorForTests();
const { connect, post, start } = suite;

describe('a deployment', () => {
  test('tells what its functions print to its own listener, and this process nothing', async () => {
    const lines: string[] = [];
    const talking = await start({ onLog: (line) => lines.push(line) });
    await fetch(`${talking.url}/api/mutation`, {
      method: 'POST',
      body: JSON.stringify({ path: 'users:store', args: {} }),
    });
    expect(lines).toEqual(["[CONVEX M(users:store)] [LOG] 'users:store called' { hasIdentity: false }"]);
  });

  test('slows down none that comes after it in this process', async () => {
    // Node asks every storage that was ever used at every promise: a hundred emulators with one each halve its speed.
    const used = new Set<unknown>();
    const { run } = AsyncLocalStorage.prototype;
    const spy = vi.spyOn(AsyncLocalStorage.prototype, 'run').mockImplementation(function (this: unknown, ...args) {
      used.add(this);
      return Reflect.apply(run, this, args);
    });
    const play = async () => {
      const deployment = await start();
      await post('/api/mutation', { path: 'users:store', args: {} }, {}, deployment);
      await deployment.close();
      return used.size;
    };
    try {
      const before = await play();
      expect(before).toBeGreaterThan(0);
      expect(await play()).toBe(before);
    } finally {
      spy.mockRestore();
    }
  });

  test('keeps documents and answered mutations in its state file', async () => {
    const { app, remove } = await writeConvexFolder({});
    const stateFile = join(app, 'state/convex.json');
    const first = await start({ stateFile });
    try {
      const client = await connect({ session: 'kept' }, first);
      mutate(client, 0, 'messages:sendAnonymously', { body: 'kept' });
      const response = await client.next('MutationResponse');
      await first.close();
      const second = await start({ stateFile });
      const again = await connect({ session: 'kept' }, second);
      mutate(again, 0, 'messages:sendAnonymously', { body: 'kept' });
      expect(await again.next('MutationResponse')).toEqual(response);
      mutate(again, 1, 'messages:sendAnonymously', { body: 'new' });
      expect((await again.next('MutationResponse')).result).not.toBe(response.result);
      const listed = await post('/api/query', { path: 'messages:list', args: {} }, {}, second);
      expect(listed.body.value).toMatchObject([{ body: 'new' }, { body: 'kept', _id: response.result }]);
      await second.close(); // else it writes into the folder that is being removed
    } finally {
      await remove();
    }
  });

  test('runs after a restart what was scheduled before it', async () => {
    const { app, remove } = await writeConvexFolder({});
    const stateFile = join(app, 'convex.json');
    try {
      const first = await start({ stateFile });
      await post('/api/mutation', { path: 'messages:sendLater', args: { body: 'later', delayMs: 300 } }, {}, first);
      await first.close();
      expect(first.runs.map(({ path }) => path)).toEqual(['messages:sendLater']);
      const second = await start({ stateFile });
      await expect.poll(() => second.runs.map(({ path }) => path)).toEqual(['messages:insertInternally']);
      await second.close();
    } finally {
      await remove();
    }
  });

  test('does not start on a state file that cannot be written', async () => {
    const { app, remove } = await writeConvexFolder({});
    const stateFile = join(app, 'convex.json');
    await mkdir(`${stateFile}.new`);
    try {
      await expect(start({ stateFile })).rejects.toMatchObject({
        code: 'invalid_option',
        message: `The state file ${stateFile} cannot be written. Give \`stateFile\` a path that can.`,
      });
    } finally {
      await remove();
    }
  });

  test('is back in the environment that it started in when it is reset', async () => {
    const pushed = await start();
    const greeting = async () =>
      (await post('/api/query', { path: 'counters:environment', args: {} }, {}, pushed)).body.value;
    await pushed.push({ env: { CLERK_JWT_ISSUER_DOMAIN: suite.issuer.url, GREETING: 'again' } });
    expect(await greeting()).toMatchObject({ greeting: 'again' });
    await pushed.reset();
    expect(await greeting()).not.toMatchObject({ greeting: 'again' });
    expect(pushed.runs.length).toBe(1);
  });

  test('on a port of its own answers clients that came back before its functions were loaded', async () => {
    const first = await start();
    await first.close();
    const starting = start({ port: Number(new URL(first.url).port) });
    const [answer, client] = await Promise.all([
      whenListening(() => fetch(`${first.url}/version`)),
      whenListening(() => connect({}, first)),
      starting,
    ]);
    expect(answer.status).toBe(200);
    mutate(client, 0, 'counters:increment', { name: 'a' });
    await client.next('MutationResponse');
  });

  test('that does not start cuts the clients that wait for it', async () => {
    const { dir, remove } = await writeConvexFolder({ 'messages.ts': "throw new Error('no key');" });
    const first = await start();
    await first.close();
    const starting = start({ dir, port: Number(new URL(first.url).port) });
    try {
      const waiting = whenListening(() => connect({}, first)).catch((error: Error) => error.message);
      await expect(starting).rejects.toThrow('Mend it, then start again.');
      expect(await waiting).not.toBe('');
    } finally {
      await remove();
    }
  });

  test('whose folder breaks says to push again', async () => {
    const { dir, write, remove } = await writeConvexFolder({ 'messages.ts': 'export const a = 1;' });
    try {
      const pushed = await start({ dir });
      await write({ 'messages.ts': 'export const = 1;' });
      await expect(pushed.push()).rejects.toThrow('Mend that line, then push again.');
    } finally {
      await remove();
    }
  });

  test('is pushed again with another environment, documents and sockets stay, live queries run again', async () => {
    const pushed = await start();
    const client = await connect({}, pushed);
    modify(client, 0, add(0, 'counters:environment'), add(1, 'counters:get', { name: 'a' }));
    mutate(client, 0, 'counters:increment', { name: 'a' });
    await expect.poll(() => client.received.filter(({ type }) => type === 'MutationResponse').length).toBe(1);
    await pushed.push({ env: { CLERK_JWT_ISSUER_DOMAIN: suite.issuer.url, GREETING: 'again' } });
    await expect
      .poll(() => client.received.at(-1)?.modifications)
      .toMatchObject([{ queryId: 0, value: { greeting: 'again' } }]);
    await expect(pushed.push({ env: {} })).rejects.toMatchObject({ code: 'auth_config_missing_env' });
    mutate(client, 1, 'counters:increment', { name: 'a' });
    await expect.poll(() => client.received.at(-1)?.modifications).toMatchObject([{ queryId: 1, value: 2 }]);
    expect(pushed.openSockets).toBe(1);
  });

  test('says which port is taken, and leaves none open', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    for (const [option, options] of Object.entries({ port: { port }, sitePort: { sitePort: port } })) {
      await expect(start(options)).rejects.toMatchObject({
        code: 'port_taken',
        message: expect.stringMatching(new RegExp(`${port}.*give another \`${option}\``)),
      });
    }
    blocker.close();
  });

  test.each([
    [{ dir: '' }, '`dir` is missing'],
    [{ dirr: './convex' } as object, '`createConvexEmulator` has no `dirr`. Known: dir, env,'],
    [{ port: 70_000 }, '`port` is 70000'],
    [{ transitionChunkBytes: 0 }, '`transitionChunkBytes` is 0'],
    [{ env: { A: 1 as unknown as string } }, '`env.A` is 1'],
  ])('refuses %j', async (options, message) => {
    await expect(start(options)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
    });
  });

  test('refuses to start without options', async () => {
    const untyped = createConvexEmulator as () => Promise<unknown>;
    await expect(untyped()).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('`dir` is missing'),
    });
  });

  test('runs functions that were written for the oldest convex', async () => {
    const { app, dir, remove } = await writeConvexFolder({
      'notes.ts': `import { mutationGeneric, queryGeneric } from 'convex/server';
        import { ConvexError, v } from 'convex/values';
        export const add = mutationGeneric({ args: { text: v.string() }, handler: async (ctx, { text }) => {
          if (!text) throw new ConvexError('empty');
          return ctx.db.insert('notes', { text });
        } });
        export const list = queryGeneric({ args: {}, handler: (ctx) => ctx.db.query('notes').collect() });`,
    });
    await mkdir(join(app, 'node_modules'));
    const oldest = fileURLToPath(new URL('../../../../node_modules/convex-oldest', import.meta.url));
    await symlink(oldest, join(app, 'node_modules/convex'));
    try {
      const old = await start({ dir });
      await post('/api/mutation', { path: 'notes:add', args: { text: 'hi' } }, {}, old);
      const failed = await post('/api/mutation', { path: 'notes:add', args: { text: '' } }, {}, old);
      expect(failed.body).toMatchObject({ status: 'error', errorData: 'empty' });
      const listed = await post('/api/query', { path: 'notes:list', args: {} }, {}, old);
      expect(listed.body.value).toMatchObject([{ text: 'hi' }]);
    } finally {
      await remove();
    }
  });

  test('refuses a state file that is another kind of file, and names it', async () => {
    const { app, remove } = await writeConvexFolder({});
    const stateFile = join(app, 'state.json');
    await writeFile(stateFile, '{"hello":1}');
    try {
      await expect(start({ stateFile })).rejects.toMatchObject({
        code: 'invalid_option',
        message: expect.stringContaining(`The state file ${stateFile} cannot be read.`),
      });
    } finally {
      await remove();
    }
  });
});
