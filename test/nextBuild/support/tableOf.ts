import { median, pages, type Weights } from './weighSides.ts';

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const s = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const ratio = (times: number): string => times.toFixed(2);

/** How many times as long each build with the library took as the plain one beside it. */
export const buildTimes = ({ plain, ours }: Weights): readonly number[] =>
  ours.buildsMs.map((ms, run) => ms / (plain.buildsMs[run] ?? Number.NaN));

/** Both sides and the difference, as a table in Markdown. */
export function tableOf({ plain, ours }: Weights): string {
  const row = (name: string, a: number, b: number, show: (value: number) => string): string =>
    `| ${name} | ${show(a)} | ${show(b)} | ${show(b - a)} |`;
  const times = buildTimes({ plain, ours });
  const range = times.length > 1 ? `, ${ratio(Math.min(...times))} to ${ratio(Math.max(...times))}` : '';
  const build = `| \`next build\` without a cache, median of ${times.length}; last, that of the ratios of the pairs | ${s(median(plain.buildsMs))} | ${s(median(ours.buildsMs))} | ${ratio(median(times))} times${range} |`;
  return [
    '| | plain | with the library | difference |',
    '| --- | --- | --- | --- |',
    ...(Object.keys(pages) as Array<keyof typeof pages>).map((page) =>
      row(`first-load JS of \`${page}\`, gzip`, plain.pages[page], ours.pages[page], kB),
    ),
    row('all JS of the browser, gzip', plain.all, ours.all, kB),
    build,
  ].join('\n');
}

/** The same for the packages in the first load. */
export function tableOfPackages(plain: ReadonlyMap<string, number>, ours: ReadonlyMap<string, number>): string {
  const names = [...new Set([...plain.keys(), ...ours.keys()])];
  const rows = names.map((name) => ({ name, a: plain.get(name) ?? 0, b: ours.get(name) ?? 0 }));
  return [
    '| package | plain | with the library | difference |',
    '| --- | --- | --- | --- |',
    ...rows
      .sort((x, y) => y.b - y.a - (x.b - x.a))
      .map(({ name, a, b }) => `| ${name} | ${kB(a)} | ${kB(b)} | ${kB(b - a)} |`),
  ].join('\n');
}
