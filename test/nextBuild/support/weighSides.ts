import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildNext } from '../../../scripts/demo/runNext.ts';
import { prepareApp, type Side } from '../../next/support/prepareApp.ts';

/** Pages that are made while building, on both sides: their HTML names all that a first visit loads. */
export const pages = { '/': 'index', '/board': 'board', '/post': 'post' } as const;
type Page = keyof typeof pages;

interface Weight {
  /** First-load JS of a page in bytes, gzipped. */
  readonly pages: Readonly<Record<Page, number>>;
  /** All JS of the browser in bytes, gzipped. */
  readonly all: number;
  /** How long each of the builds took, in milliseconds: the first of one side was beside the first of the other, and so on. */
  readonly buildsMs: readonly number[];
}
export type Weights = Readonly<Record<Side, Weight>>;

/** Nothing is asked of Clerk or Convex while building, and what is in the bundle has to be the same each time. */
const env = {
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${btoa('happy-otter-1.clerk.accounts.dev$')}`,
  CLERK_SECRET_KEY: 'sk_test_of_nobody',
  NEXT_PUBLIC_CONVEX_URL: 'https://happy-animal-123.convex.cloud',
  CLERK_WEBHOOK_SIGNING_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  NEXT_TELEMETRY_DISABLED: '1',
};

/** Builds the example with and without the library, in turns and without a cache. */
export async function weighSides({ runs }: { readonly runs: number }): Promise<Weights> {
  const dirs = { plain: await prepareApp('plain', 'plain-weighed'), ours: await prepareApp('ours', 'ours-weighed') };
  const times: Record<Side, number[]> = { plain: [], ours: [] };
  // The first to build has the machine's caches to fill, so they take turns in that too.
  for (let run = 0; run < runs; run++)
    for (const side of run % 2 === 0 ? (['plain', 'ours'] as const) : (['ours', 'plain'] as const))
      times[side].push(await buildFresh(dirs[side]));
  const weigh = async (side: Side): Promise<Weight> => ({
    pages: await firstLoads(dirs[side]),
    all: await allScripts(dirs[side]),
    buildsMs: times[side],
  });
  return { plain: await weigh('plain'), ours: await weigh('ours') };
}

async function buildFresh(dir: string): Promise<number> {
  await rm(join(dir, '.next'), { recursive: true, force: true });
  const startedAt = performance.now();
  const built = await buildNext({ dir, env });
  if (!built.ok) throw new Error(built.output);
  return performance.now() - startedAt;
}

const weightOf = (code: string): number => gzipSync(code).length;

/** The scripts that the HTML of a page names; not those that only old browsers load, nor Clerk's, which come from Clerk. */
async function scriptsOf(dir: string, page: Page): Promise<readonly string[]> {
  const html = await readFile(join(dir, '.next/server/app', `${pages[page]}.html`), 'utf8');
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/\bnomodule\b/i.test(tag));
  const sources = tags.map((tag) => /\bsrc="\/_next\/([^"?]+)/.exec(tag)?.[1]).filter((src) => src !== undefined);
  return [...new Set(sources)].map((src) => join(dir, '.next', src));
}

/** First-load JS of each page of a built app, in bytes, gzipped. */
export async function firstLoads(dir: string): Promise<Weight['pages']> {
  const weights = Object.keys(pages).map(async (page) => [page, await firstLoad(dir, page as Page)]);
  return Object.fromEntries(await Promise.all(weights)) as Record<Page, number>;
}

async function firstLoad(dir: string, page: Page): Promise<number> {
  const scripts = await scriptsOf(dir, page);
  if (scripts.length < 5) throw new Error(`The HTML of ${page} names ${scripts.length} scripts: it was read wrongly.`);
  return sum(await Promise.all(scripts.map(async (file) => weightOf(await readFile(file, 'utf8')))));
}

async function allScripts(dir: string): Promise<number> {
  const files = await readdir(join(dir, '.next/static'), { recursive: true });
  const scripts = files.filter((file) => file.endsWith('.js'));
  return sum(
    await Promise.all(scripts.map(async (file) => weightOf(await readFile(join(dir, '.next/static', file), 'utf8')))),
  );
}

/** What the first-load JS of `/` is made of, by package: each takes part in a script's gzipped weight as in its length. */
export async function weighPackages(side: Side): Promise<ReadonlyMap<string, number>> {
  const dir = await prepareApp(side, `${side}-mapped`);
  const config = join(dir, 'next.config.ts');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace('reactStrictMode', 'productionBrowserSourceMaps: true,\n  reactStrictMode'));
  await buildFresh(dir);
  const weights = new Map<string, number>();
  for (const file of await scriptsOf(dir, '/')) {
    const code = await readFile(file, 'utf8');
    for (const [name, share] of await shares(file, code))
      weights.set(name, (weights.get(name) ?? 0) + share * weightOf(code));
  }
  return weights;
}

async function shares(file: string, code: string): Promise<ReadonlyMap<string, number>> {
  const map = /sourceMappingURL=(\S+)/.exec(code)?.[1];
  const path = join(file, '..', basename(map ?? ''));
  if (!map || !existsSync(path)) return new Map([['Next.js', 1]]);
  const sources = new SourceMap(JSON.parse(await readFile(path, 'utf8')) as SourceMapPayload);
  const counts = new Map<string, number>();
  for (const [line, text] of code.split('\n').entries())
    for (let column = 0; column < text.length; column++) {
      const entry = sources.findEntry(line, column);
      const name = packageOf('originalSource' in entry ? entry.originalSource : '');
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  return new Map([...counts].map(([name, count]) => [name, count / code.length]));
}

function packageOf(source: string): string {
  if (source.includes('packages/clerk-convex-resilience/')) return 'clerk-convex-resilience';
  const name = [...source.matchAll(/node_modules\/(?!\.pnpm)((?:@[^/]+\/)?[^/]+)/g)].at(-1)?.[1];
  if (name !== undefined)
    return /^(next|react|react-dom|@swc\/.*)$/.test(name) ? 'Next.js' : name.replace(/^@clerk\/.*/, '@clerk/*');
  return source.includes('/app/') ? 'the app' : 'Next.js';
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
