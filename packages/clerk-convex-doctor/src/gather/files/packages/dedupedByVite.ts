import { type ConfigFile, configIn, propertiesOf, valuesIn } from '../project/configFile.ts';
import { allRanges } from '../project/packageJson.ts';
import type { ProjectApp } from '../project/projectApps.ts';
import { literalString } from '../syntax/parseSource.ts';
import type { Reached } from './reach.ts';
import { majorOf } from './versions.ts';

/**
 * Packages of which Vite gives the app's own copy to all that import them: by `resolve.dedupe`, by an alias, and React by
 * @vitejs/plugin-react before 5 (its changelog: 5.0.0 does so no more).
 */
export async function dedupedByVite(
  app: ProjectApp,
  installed: ReadonlyMap<string, readonly Reached[]>,
): Promise<ReadonlySet<string>> {
  if (app.framework !== 'vite' && app.framework !== 'tanstack-start') return new Set();
  const config = await configIn(app.folder, 'vite.config');
  if (!config) return new Set();
  const plugin = '@vitejs/plugin-react';
  const major = majorOf(installed.get(plugin)?.[0]?.version) ?? majorOf(allRanges(app.json)[plugin]);
  const isByPlugin = major !== undefined && major < 5 && config.text.includes(plugin);
  return new Set([...namesIn(config), ...(isByPlugin ? ['react', 'react-dom'] : [])]);
}

function namesIn(config: ConfigFile): readonly string[] {
  const listed = valuesIn(config, 'dedupe').flatMap((value) =>
    value.type === 'ArrayExpression' ? value.elements.flatMap((element) => literalString(element) ?? []) : [],
  );
  const aliases = valuesIn(config, 'alias').flatMap((value) =>
    value.type === 'ObjectExpression' ? propertiesOf(value).map(([name]) => name) : [],
  );
  return [...listed, ...aliases];
}
