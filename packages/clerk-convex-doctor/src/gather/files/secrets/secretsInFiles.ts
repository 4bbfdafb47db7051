import type { ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { redactSecret } from 'clerk-convex-resilience/diagnosis';
import { fileLimit } from '../listFiles.ts';
import { sourceLimit, textOf } from '../readText.ts';
import { secretsIn } from './isSecret.ts';

/** Looks for secrets in files, `files` from a folder and as they are shown. Binaries, lockfiles and long files are passed over. */
export async function secretsInFiles(
  files: readonly { readonly path: string; readonly shown: string }[],
): Promise<ProjectEvidence['secretsInFiles']> {
  const found: ProjectEvidence['secretsInFiles'][number][] = [];
  for (const { path, shown } of files.slice(0, fileLimit)) {
    const text = await textOf(path, sourceLimit);
    if (text === undefined || text.includes('\0')) continue;
    for (const { kind, value, index } of secretsIn(text)) {
      found.push({ at: `${shown}:${lineAt(text, index)}`, kind, shown: redactSecret(value) });
      if (found.length >= 100) return found;
    }
  }
  return found;
}

/** By its name, a file that may hold text of a person's. */
export const mayHoldSecrets = (path: string): boolean =>
  !/\.(png|jpe?g|gif|webp|avif|ico|icns|svgz|pdf|zip|gz|tgz|br|7z|tar|woff2?|ttf|otf|eot|mp[34]|mov|webm|wav|wasm|node|exe|dll|so|dylib|jar|class|psd|sketch|sqlite3?|db|bin|lockb)$/i.test(
    path,
  ) &&
  !/(^|\/)(pnpm-lock\.yaml|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|bun\.lockb?|Cargo\.lock)$/.test(path) &&
  !/(^|\/)(node_modules|\.git|\.yarn)\//.test(path);

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
