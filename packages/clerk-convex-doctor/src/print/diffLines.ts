import { createTwoFilesPatch } from 'diff';
import type { FileChange } from '../fix/draft.ts';
import { isEnvFile } from '../fix/isEnvFile.ts';
import type { Colors } from './createTerminal.ts';

/** A change as `diff -u` writes it. Of an env file only what is new: its other lines hold values that are nobody's business. */
export function diffLines({ file, before, after }: FileChange, colors: Colors): readonly string[] {
  const isPrivate = isEnvFile(file);
  const old = before ?? '';
  // An env file is only ever added to. A last line without an end would be shown as one that changes.
  const end = after.startsWith(`${old}\r\n`) ? '\r\n' : '\n';
  const shown = isPrivate && old !== '' && !old.endsWith('\n') ? [`${old}${end}`, after] : [old, after];
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${file}`,
    `b/${file}`,
    shown[0] as string,
    shown[1] as string,
    undefined,
    undefined,
    { context: isPrivate ? 0 : 3 },
  );
  return patch
    .split('\n')
    .filter((line) => line !== '' && !/^=+$/.test(line))
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return colors.bold(line);
      if (line.startsWith('@@')) return colors.cyan(line);
      return line.startsWith('+') ? colors.green(line) : line.startsWith('-') ? colors.red(line) : line;
    });
}
