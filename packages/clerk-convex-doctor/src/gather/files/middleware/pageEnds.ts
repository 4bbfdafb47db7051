import { join } from 'node:path';
import { textOf } from '../readText.ts';
import { literalString, parseSource, walk } from '../syntax/parseSource.ts';

const usual = ['ts', 'js', 'mts', 'mjs', 'tsx', 'jsx'];

/** How the names of pages and middleware end, by `pageExtensions` of next.config: `page.tsx`. What is not written out is passed over. */
export async function pageEnds(folder: string): Promise<readonly string[]> {
  for (const end of ['ts', 'mts', 'js', 'mjs', 'cjs']) {
    const file = join(folder, `next.config.${end}`);
    const text = await textOf(file);
    if (text === undefined) continue;
    const parsed = text.includes('pageExtensions') ? parseSource(text, file) : undefined;
    const found: string[] = [];
    if (parsed?.status === 'parsed')
      walk(parsed.program, (node) => {
        if (node.type !== 'ObjectExpression') return;
        for (const property of node.properties) {
          if (property.type !== 'ObjectProperty' || property.key.type !== 'Identifier') continue;
          if (property.key.name !== 'pageExtensions' || property.value.type !== 'ArrayExpression') continue;
          found.push(...property.value.elements.flatMap((element) => literalString(element) ?? []));
        }
      });
    return found.length > 0 ? found : usual;
  }
  return usual;
}
