import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { add, emulatorForTests, modify, mutate } from '../../../../test/contract/convexFixture/emulatorForTests.ts';

import { writeConvexFolder } from '../../../../test/contract/convexFixture/writeConvexFolder.ts';

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
    [{ port: 70_000 }, '`port` is 70000'],
    [{ transitionChunkBytes: 0 }, '`transitionChunkBytes` is 0'],
    [{ env: { A: 1 as unknown as string } }, '`env.A` is 1'],
  ])('refuses %j', async (options, message) => {
    await expect(start(options)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
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
