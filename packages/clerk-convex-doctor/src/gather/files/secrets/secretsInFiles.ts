import type { ProjectEvidence } from 'clerk-convex-resilience/diagnosis';
import { redactSecret } from 'clerk-convex-resilience/diagnosis';
import { fileLimit } from '../listFiles.ts';
import { sourceLimit, textOf } from '../readText.ts';
import { type FoundSecret, secretsIn } from './isSecret.ts';

/** Looks for secrets in files, `files` from a folder and as they are shown. Binaries, lockfiles and long files are passed over. */
export async function secretsInFiles(
  files: readonly { readonly path: string; readonly shown: string }[],
): Promise<ProjectEvidence['secretsInFiles']> {
  const found: ProjectEvidence['secretsInFiles'][number][] = [];
  for (const { path, shown } of files.slice(0, fileLimit)) {
    const text = await textOf(path, sourceLimit);
    if (text === undefined || text.includes('\0')) continue;
    for (const secret of secretsIn(text)) {
      if (!mayBeClerks(secret, text, shown)) continue;
      const { kind, index } = secret;
      found.push({ at: `${shown}:${lineAt(text, index)}`, kind, shown: shownSecret(secret) });
      if (found.length >= 100) return found;
    }
  }
  return found;
}

/** Of a deployment's key, what stands before the bar says whose it is, and is no secret. */
const shownSecret = ({ kind, value }: FoundSecret): string =>
  kind === 'deploy_key' ? `${value.slice(0, value.indexOf('|'))}|… (${value.length} characters)` : redactSecret(value);

/**
 * Others call theirs `whsec_` too, Stripe in the same length, and `sk_test_` in another: whose it is, its line says, else the
 * file. Of a secret key in another length than Clerk's have today, one of them has to say so.
 */
function mayBeClerks({ kind, value, index }: FoundSecret, text: string, shown: string): boolean {
  if (kind === 'deploy_key' || (kind === 'secret_key' && usual.test(value))) return true;
  const begin = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf('\n', index + value.length);
  const line = text.slice(begin, end === -1 ? undefined : end);
  for (const words of [line, shown, text]) {
    if (clerks.test(words)) return true;
    if (others.test(words)) return false;
  }
  return kind === 'webhook_secret';
}

const usual = /^sk_(?:test|live)_.{42}$/;
const clerks = /clerk|svix/i;
const others = /stripe|resend|polar|lemon|dodo|paddle|paystack|moyasar|paymongo|sk_(?:test|live)_51/i;

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
