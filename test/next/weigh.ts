// Prints what the example weighs with and without the library, and how long each takes to build: `tsx test/next/weigh.ts`.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startPair } from '../../scripts/demo/emulatorPair.ts';
import { nextSettings } from '../../scripts/demo/nextSettings.ts';
import { buildNext, serveNext } from '../../scripts/demo/runNext.ts';
import { freePort } from './support/freePort.ts';
import { prepareApp, type Side } from './support/prepareApp.ts';

const pages = ['/', '/board', '/post'];

const [plain, ours] = [await weigh('plain'), await weigh('ours')];
console.log('| | plain | with the library | difference |\n| --- | --- | --- | --- |');
for (const page of pages) {
  const [a = 0, b = 0] = [plain.pages[page], ours.pages[page]];
  console.log(`| first-load JS of \`${page}\`, gzip | ${kB(a)} | ${kB(b)} | ${kB(b - a)} |`);
}
console.log(`| all JS of the browser, gzip | ${kB(plain.all)} | ${kB(ours.all)} | ${kB(ours.all - plain.all)} |`);
console.log(
  `| \`next build\`, no cache | ${s(plain.buildMs)} | ${s(ours.buildMs)} | ${s(ours.buildMs - plain.buildMs)} |`,
);
process.exit(0);

async function weigh(side: Side) {
  const dir = await prepareApp(side, `${side}-weighed`);
  const pair = await startPair(`${dir}/convex`, 60);
  const env = nextSettings(pair);
  const times: number[] = [];
  for (let run = 0; run < 2; run++) {
    await rm(join(dir, '.next'), { recursive: true, force: true });
    const startedAt = Date.now();
    const built = await buildNext({ dir, env });
    if (!built.ok) throw new Error(built.output);
    times.push(Date.now() - startedAt);
  }
  const server = await serveNext('start', await freePort(), { dir, env });
  const weights: Record<string, number> = {};
  for (const page of pages) weights[page] = await firstLoad(server.url, page);
  await Promise.all([server.close(), pair.close()]);
  const files = await readdir(join(dir, '.next/static'), { recursive: true });
  const scripts = await Promise.all(
    files.filter((file) => file.endsWith('.js')).map((file) => readFile(join(dir, '.next/static', file))),
  );
  const all = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
  return { pages: weights, all, buildMs: Math.min(...times) };
}

/** The scripts that the HTML of a page names, gzipped; not those that only old browsers load, nor Clerk's, which come from Clerk. */
async function firstLoad(url: string, page: string): Promise<number> {
  const cookie = '__clerk_db_jwt=dvb_weigh; __client_uat=0';
  const html = await (await fetch(url + page, { headers: { accept: 'text/html', cookie } })).text();
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/\bnomodule\b/i.test(tag));
  const sources = new Set(
    tags.map((tag) => /\bsrc="(\/_next\/[^"]+)"/.exec(tag)?.[1]).filter((src) => src !== undefined),
  );
  let sum = 0;
  for (const source of sources) sum += gzipSync(await (await fetch(url + source)).text()).length;
  return sum;
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
function s(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
