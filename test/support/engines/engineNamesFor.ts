import { existsSync } from 'node:fs';
import { type EngineName, engineNames } from './Engine.ts';

const isInstalled: Record<EngineName, () => boolean> = {
  chromium: () => true, // every test has it
  firefox: () => existsSync(process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr'),
  webkit: () => existsSync(process.env.WEBKIT_DRIVER_PATH ?? '/usr/bin/WebKitWebDriver') && existsSync('/usr/bin/Xvfb'),
};

/** The engines that a run is to cover: those that `ENGINES` names (`all`, or `chromium,firefox`), else those that are installed. */
export function engineNamesFor(
  { ENGINES: asked = '', CI }: Readonly<Record<string, string | undefined>> = process.env,
): EngineName[] {
  if (asked === '') return engineNames.filter((name) => CI || isInstalled[name]());
  if (asked === 'all') return [...engineNames];
  const unknown = asked.split(',').find((name) => !engineNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`ENGINES names "${unknown}"; there are: ${engineNames.join(', ')}, all.`);
  return engineNames.filter((name) => asked.split(',').includes(name));
}
