import { groupOf, groups } from '../packages/clerk-convex-doctor/src/groups.ts';
import { labels } from '../packages/clerk-convex-doctor/src/print/labels.ts';
import { describeWith, type FindingText } from '../packages/clerk-convex-resilience/src/diagnosis/describeFinding.ts';
import {
  type Finding,
  type FindingArgs,
  type FindingCode,
  finding,
  findingCodes,
} from '../packages/clerk-convex-resilience/src/diagnosis/findings.ts';
import { bn } from '../packages/clerk-convex-resilience/src/diagnosis/prose/bn.ts';
import { type CatalogueEntry, catalogue } from '../packages/clerk-convex-resilience/src/diagnosis/prose/catalogue.ts';
import { en } from '../packages/clerk-convex-resilience/src/diagnosis/prose/en.ts';
import { ru } from '../packages/clerk-convex-resilience/src/diagnosis/prose/ru.ts';

const notice =
  '<!-- Written by `pnpm docs:findings` from packages/clerk-convex-resilience/src/diagnosis/prose: change it there. -->';

const translations = [
  { lang: 'ru', name: 'Русский', prose: ru },
  { lang: 'bn', name: 'বাংলা', prose: bn },
] as const;

const entryOf = (code: FindingCode): CatalogueEntry<FindingCode> => catalogue[code] as CatalogueEntry<FindingCode>;
const make = (code: FindingCode, args: FindingArgs[FindingCode]): Finding => finding(code, args) as Finding;
const exampleOf = (code: FindingCode): Finding => make(code, entryOf(code).example);

const numbered = (steps: readonly string[]): string => steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
const blocks = (...parts: readonly (string | undefined)[]): string =>
  `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;

const severityNames = { error: 'Error', warning: 'Warning', info: 'Note' } as const;

/** The catalogue, by file name: a page for each code, and the index. */
export function findingPages(): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...findingCodes.map((code) => [`${code}.md`, pageOf(code)] as const),
    ['README.md', index()] as const,
  ]);
}

function pageOf(code: FindingCode): string {
  const example = exampleOf(code);
  const { symptom, lines, cause, verify, other } = entryOf(code);
  const others = [other ?? []].flat().map(({ when, example: another }) => ({ when, example: make(code, another) }));
  const text = describeWith(en, example);
  return blocks(
    `# ${code}`,
    `**${text.title}.**`,
    `${severityNames[example.severity]} · ${labels.en.groups[groupOf(example)]} · [All findings](README.md)`,
    `## Symptom\n\n${symptom}`,
    lines && `\`\`\`text\n${lines.join('\n')}\n\`\`\``,
    `## Cause\n\n${cause}`,
    comparison(text),
    `## Fix\n\n${numbered(text.fix)}`,
    ...others.map(({ when, example: another }) => `### ${when}\n\n${numbered(describeWith(en, another).fix)}`),
    `## How to verify\n\n${verify}`,
    '## In other languages',
    ...translations.map(({ lang, name, prose }) => {
      const texts = [example, ...others.map((each) => each.example)].map((each) => describeWith(prose, each));
      const body = texts.map(({ title, fix }) => `**${title}**\n\n${numbered(fix)}`).join('\n\n');
      return `<details lang="${lang}">\n<summary>${name}</summary>\n\n${body}\n\n</details>`;
    }),
    notice,
  );
}

/** What was seen and expected, for example. */
function comparison({ seen, expected }: FindingText): string | undefined {
  if (seen === undefined && expected === undefined) return undefined;
  const rows = [
    ...(seen === undefined ? [] : [`| Seen | ${cell(seen)} |`]),
    ...(expected === undefined ? [] : [`| Expected | ${cell(expected)} |`]),
  ];
  return `## What the finding shows\n\n| | For example |\n| --- | --- |\n${rows.join('\n')}`;
}

function index(): string {
  return blocks(
    '# Findings',
    'What can be wrong with an app on Clerk and Convex, each under a code of its own: what one sees, why it is so, how to mend it, and how to tell that it is mended. The app names the code in development, and `npx clerk-convex-doctor` lists what it finds in a project.',
    '**Error**: sign-in does not work, or a secret is open. **Warning**: it works now, here, or for most. **Note**: good to know.',
    ...groups.map((group) => {
      const rows = findingCodes
        .map(exampleOf)
        .filter((example) => groupOf(example) === group)
        .map((example) => {
          const { title } = describeWith(en, example);
          return `| [${example.code}](${example.code}.md) | ${severityNames[example.severity]} | ${cell(title)} |`;
        });
      return `## ${labels.en.groups[group]}\n\n| Code | Severity | What is wrong |\n| --- | --- | --- |\n${rows.join('\n')}`;
    }),
    notice,
  );
}
