import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { clientDirective } from './scripts/clientDirective.ts';
import { clientHalf } from './scripts/clientHalf.ts';
import { packGuides } from './scripts/packGuides.ts';

// Run from a package's folder: `tsup --config ../../tsup.config.ts`.
// Each key of the package's `exports` is one entry: "./core" is built from src/core.ts, "." from src/index.ts, and
// "./locales/*" from each locale in src/locales, so that a file more is an entry more.
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, unknown>;
  bin?: Record<string, string>;
  peerDependencies?: Record<string, string>;
};
const locales = existsSync('src/locales')
  ? readdirSync('src/locales').filter((file) => /^[a-z]{2}\.ts$/.test(file))
  : [];
const names = Object.keys(manifest.exports)
  .filter((key) => key !== './package.json')
  .flatMap((key) => {
    if (key === './locales/*') return locales.map((file) => `locales/${file.slice(0, -3)}`);
    return key === '.' ? 'index' : key.slice(2);
  });
// The client half of an entry is built beside it, and is no entry.
const halves = existsSync('src')
  ? readdirSync('src')
      .filter((file) => file.endsWith('.client.ts'))
      .map((file) => file.slice(0, -3))
  : [];
// A package with a command has src/cli.ts; bin/ holds the file that starts it.
const bins = manifest.bin ? ['cli'] : [];

const entriesOf = (...lists: ReadonlyArray<readonly string[]>): Record<string, string> =>
  Object.fromEntries(
    lists.flat().map((name) => (name.endsWith('.css') ? [name.slice(0, -4), `src/${name}`] : [name, `src/${name}.ts`])),
  );

export default defineConfig({
  entry: entriesOf(names, halves, bins),
  format: ['esm'],
  target: 'es2022',
  platform: manifest.bin ? 'node' : 'neutral',
  esbuildOptions: (options) => {
    options.charset = 'utf8'; // Bengali as it is, not in escapes of six letters each
  },
  // Entries share chunks: two copies of a file would make two React contexts.
  splitting: true,
  // Nobody imports a command, so it has no types.
  dts: { entry: entriesOf(names, halves), compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  clean: true,
  treeshake: false,
  // The package that has the findings carries a page for each, and the guides: `docsUrl` of a finding and its README point there.
  onSuccess: async () => {
    if (!existsSync('src/diagnosis')) return;
    cpSync('../../docs/findings', 'dist/findings', { recursive: true });
    packGuides('../../docs', 'dist/docs');
  },
  esbuildPlugins: halves.length > 0 ? [clientHalf()] : [],
  plugins: manifest.peerDependencies?.react ? [clientDirective()] : [],
});
