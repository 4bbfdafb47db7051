import { posix } from 'node:path';
import type { Finding } from 'clerk-convex-resilience/diagnosis';
import { parse } from 'dotenv';
import type { Draft } from './draft.ts';
import { isEnvFile } from './isEnvFile.ts';
import type { Fixer, FixOptions } from './planFixes.ts';

/** Puts names that are missing into the env file, each with a comment that says what belongs there. */
export const fixEnvNames: Fixer = async ({ app, findings, evidence }, draft, options) => {
  const byHand: string[] = [];
  const missing = new Map<string, { readonly finding: Finding; readonly entry: Entry }>();
  for (const finding of findings) {
    const entry = entryOf(finding);
    if (!entry) continue;
    if (entry.ofDeployment && evidence.project?.deploymentEnv) {
      // The deployment was asked, and it is there that the name is missing: a file here would change nothing.
      byHand.push(
        `Set ${entry.name} in the Convex deployment: \`npx convex env set ${entry.name} ${entry.value || entry.looksLike}\`.`,
      );
    } else if (!missing.has(entry.name)) {
      missing.set(entry.name, { finding, entry });
    }
  }
  if (missing.size === 0) return byHand;

  const file = await envFileOf(app, evidence.project?.envTarget, draft, options);
  for (const { finding, entry } of missing.values()) {
    // What is written is shown with the lines around it, unless it is known that these hold secrets.
    if (!isEnvFile(file)) {
      byHand.push(`Put ${entry.name} into ${file}: ${entry.comment}`);
      continue;
    }
    const text = (await draft.read(file)) ?? '';
    // Half a letter of UTF-16: what is put behind it would be read by nobody.
    if (text.includes('\0')) {
      byHand.push(`Save ${file} as UTF-8, and put ${entry.name} into it: ${entry.comment}`);
      continue;
    }
    if (Object.hasOwn(parse(text), entry.name)) {
      const filled = entry.value === '' ? null : fillIn(text, entry);
      if (filled !== null) await draft.write(file, filled, finding.code);
      // Written in an earlier run, and still empty.
      else byHand.push(`Fill in ${entry.name} in ${file}: ${entry.comment}`);
      continue;
    }
    await draft.write(file, append(text, entry), finding.code);
    if (entry.value === '') byHand.push(`Fill in ${entry.name} in ${file}: ${entry.comment}`);
  }
  return byHand;
};

interface Entry {
  readonly name: string;
  readonly comment: string;
  readonly looksLike: string;
  /** What is known, and is no secret; else empty, because a value that is made up would count as one. */
  readonly value: string;
  /** Convex functions read it from the deployment. */
  readonly ofDeployment?: boolean;
}

function entryOf(finding: Finding): Entry | undefined {
  switch (finding.code) {
    case 'PUBLISHABLE_KEY_MISSING':
      return {
        name: finding.args.name,
        comment: 'the publishable key, of Clerk dashboard, API keys. It looks like pk_test_…',
        looksLike: 'pk_test_…',
        value: '',
      };
    case 'SECRET_KEY_MISSING':
      return {
        name: finding.args.name,
        comment: 'the secret key, of Clerk dashboard, API keys. It looks like sk_test_…, and belongs on servers only',
        looksLike: 'sk_test_…',
        value: '',
      };
    case 'CONVEX_URL_MISSING':
      return {
        name: finding.args.name,
        comment:
          "the deployment's URL, which `npx convex dev` prints. It looks like https://happy-animal-123.convex.cloud",
        looksLike: 'https://happy-animal-123.convex.cloud',
        value: '',
      };
    case 'WEBHOOK_SECRET_MISSING':
      return {
        name: finding.args.name,
        comment: `the signing secret, of the endpoint's page in Clerk dashboard, Webhooks. It looks like whsec_…; for a handler in Convex: npx convex env set ${finding.args.name} whsec_…`,
        looksLike: 'whsec_…',
        value: '',
        ofDeployment: true,
      };
    case 'ISSUER_ENV_MISSING':
      return {
        name: finding.args.name,
        comment: `the Frontend API URL, of Clerk dashboard, Configure, Domains. Convex reads it from the deployment: npx convex env set ${finding.args.name} ${finding.args.expected ?? 'https://…'}`,
        looksLike: 'https://your-instance.clerk.accounts.dev',
        value: finding.args.expected ?? '',
        ofDeployment: true,
      };
    default:
      return undefined;
  }
}

/** The one that was given; else the one that the app reads; else the one that is there, the more private first. */
async function envFileOf(
  app: string,
  target: string | undefined,
  draft: Draft,
  { envFile }: FixOptions,
): Promise<string> {
  if (envFile !== undefined) {
    const own = posix.join(app, envFile);
    return (await draft.read(own)) === undefined ? envFile : own;
  }
  if (target !== undefined) return target;
  const names = ['.env.local', '.env'].map((name) => posix.join(app, name));
  for (const name of names) if ((await draft.read(name)) !== undefined) return name;
  return names[0] as string;
}

/** Behind what is there, which stays as it is to the byte. */
function append(text: string, { name, comment, value }: Entry): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
  return `${text}${gap}# ${comment}${newline}${name}=${value}${newline}`;
}

/** Where the name stands without a value, on a line of its own. Null: it has one. */
function fillIn(text: string, { name, value }: Entry): string | null {
  const blank = new RegExp(`^((?:export[ \\t]+)?${name}[ \\t]*=)[ \\t]*(?:""|'')?[ \\t]*(?=\\r?$)`, 'm');
  return blank.test(text) ? text.replace(blank, (_, head: string) => `${head}${value}`) : null;
}
