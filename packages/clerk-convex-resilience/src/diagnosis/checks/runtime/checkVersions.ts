import type { Check } from '../../check.ts';
import { finding } from '../../findings.ts';
import { show } from '../show.ts';
import { isSupported, type Supported, supported } from '../supported.ts';

/** Versions that nobody has tried. A second copy of React or Convex breaks the page before anything is refused: react/copies.ts. */
export const checkVersions: Check = ({ runtime }) =>
  supported.flatMap((rule) => {
    const version = runtime?.versions?.[rule.name];
    return version === undefined || isKnown(rule, version)
      ? []
      : finding('VERSION_UNSUPPORTED', { name: rule.name, seen: show(version), expected: rule.range });
  });

/** What is no version, as `canary`, is left alone: whoever has it knows. */
function isKnown(rule: Supported, version: string): boolean {
  const match = /^v?(\d{1,9})\.(\d{1,9})/.exec(version);
  return !match || isSupported(rule, Number(match[1]), Number(match[2]));
}
