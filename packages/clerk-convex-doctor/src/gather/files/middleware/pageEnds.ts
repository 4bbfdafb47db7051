import { configIn, valuesIn } from '../project/configFile.ts';
import { literalString } from '../syntax/parseSource.ts';

const usual = ['ts', 'js', 'mts', 'mjs', 'tsx', 'jsx'];

/** How the names of pages and middleware end, by `pageExtensions` of next.config: `page.tsx`. What is not written out is passed over. */
export async function pageEnds(folder: string): Promise<readonly string[]> {
  const config = await configIn(folder, 'next.config');
  const found = (config ? valuesIn(config, 'pageExtensions') : []).flatMap((value) =>
    value.type === 'ArrayExpression' ? value.elements.flatMap((element) => literalString(element) ?? []) : [],
  );
  return found.length > 0 ? found : usual;
}
