import { SourceMap } from 'node:module';
import { basename, relative, resolve } from 'node:path';

/** Puts the files that people wrote in the place of the bundle, in a stack. */
export type ReadStack = (error: Error) => readonly string[];

/** The frames in the app's own folder, as the backend writes them: `at handler (../convex/messages.ts:12:3)`. */
export function createStackReader(scriptName: string, sourceMap: string, dir: string): ReadStack {
  let parsed: SourceMap | undefined;
  return (error) => {
    const frames: string[] = [];
    for (const line of (error.stack ?? '').split('\n')) {
      const at = line.indexOf(scriptName);
      const position = /^:(\d+):(\d+)/.exec(line.slice(at + scriptName.length));
      if (at < 0 || !position) continue;
      parsed ??= new SourceMap(JSON.parse(sourceMap));
      const entry = parsed.findEntry(Number(position[1]) - 1, Number(position[2]) - 1);
      if (!('originalSource' in entry)) continue;
      const file = relative(dir, resolve(dir, entry.originalSource));
      // Packages and this emulator are no business of the reader.
      if (file.startsWith('..') || file.includes('node_modules') || file.startsWith('convex-emulator')) continue;
      const name = /^\s*at (?:async )?(.+?) \(/.exec(line)?.[1];
      const where = `../${basename(dir)}/${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
      frames.push(name ? `    at ${name.replace(/^Object\./, '')} (${where})` : `    at ${where}`);
    }
    return frames;
  };
}
