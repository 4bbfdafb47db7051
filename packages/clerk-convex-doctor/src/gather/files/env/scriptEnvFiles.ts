import { resolve } from 'node:path';
import type { Ranges } from '../project/packageJson.ts';
import { envFileNames } from './precedence.ts';

type Mode = 'development' | 'production';

/**
 * The env files that the scripts of a package.json put into the environment before the app starts, whole and in the order of
 * their mention: `dotenv -e ../../.env -- next dev` (dotenv-cli), `dotenvx run -f`, `env-cmd -f`, Node's `--env-file`. What
 * is in the environment counts more than the files that the framework reads. Files and scripts of another mode are left out.
 */
export function scriptEnvFiles(scripts: Ranges, folder: string, mode: Mode): readonly string[] {
  const found = new Set<string>();
  for (const [name, command] of Object.entries(scripts)) {
    if (isOfAnotherUse(name, mode)) continue;
    // So long is no command that a person wrote.
    for (const part of command.slice(0, 2_000).split(/&&|\|\||;/))
      for (const file of filesOf(part, mode)) if (isOfMode(file, mode)) found.add(resolve(folder, file));
  }
  return [...found];
}

function filesOf(command: string, mode: Mode): readonly string[] {
  const words = command.trim().split(/\s+/);
  const found: string[] = [];
  const tool = words.find((word) => /^(dotenv|dotenvx|dotenv-cli|env-cmd)$/.test(word));
  if (tool !== undefined) {
    const own = words.slice(words.indexOf(tool) + 1);
    const end = own.indexOf('--');
    const given = valuesOf(end === -1 ? own : own.slice(0, end), optionsOf[tool] ?? []);
    // dotenv-cli: -c adds the files of the mode around each.
    const isCascade = tool.startsWith('dotenv') && own.some((word) => word === '-c');
    // Without an option, all of them read `.env`.
    const files = given.length > 0 ? given : ['.env'];
    found.push(...files.flatMap((file) => (isCascade ? cascade(file, mode) : [file])));
  }
  for (const value of valuesOf(words, ['--env-file', '--env-file-if-exists'])) found.push(value);
  return found.map((file) => file.replace(/^(['"])(.*)\1$/, '$2')).filter((file) => !/[$`*]/.test(file));
}

const optionsOf: Readonly<Record<string, readonly string[]>> = {
  dotenv: ['-e', '--env'],
  'dotenv-cli': ['-e', '--env'],
  dotenvx: ['-f', '--env-file'],
  'env-cmd': ['-f', '--file'],
};

/** `-e file`, `--file=file`. */
const valuesOf = (words: readonly string[], names: readonly string[]): readonly string[] =>
  words.flatMap((word, index) => {
    const [name = '', value] = word.split('=', 2);
    if (!names.includes(name)) return [];
    const file = value ?? words[index + 1];
    return file === undefined || file === '' || file.startsWith('-') ? [] : [file];
  });

const cascade = (file: string, mode: Mode): readonly string[] =>
  envFileNames('next', mode).map((name) => file + name.slice('.env'.length));

/** What a test or a migration is run with says nothing of the app. */
const isOfAnotherUse = (name: string, mode: Mode): boolean =>
  /(^|[:_-])(tests?|e2e|ci|cypress|playwright|storybook|lint|typecheck|types?|seed|migrate|db)($|[:_-])/.test(name) ||
  (mode === 'production'
    ? /(^|[:_-])dev(elop(ment)?)?($|[:_-])/
    : /(^|[:_-])(prod(uction)?|staging|preview|deploy)($|[:_-])/
  ).test(name);

/** `.env.production` is not read in development, and `.env.test` never. */
function isOfMode(file: string, mode: Mode): boolean {
  if (/[._-](test|ci|e2e|staging|preview)([._-]|$)/i.test(file)) return false;
  return !(mode === 'production' ? /[._-]dev(elopment)?([._-]|$)/i : /[._-]prod(uction)?([._-]|$)/i).test(file);
}
