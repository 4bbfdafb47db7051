import type { Check } from '../../check.ts';
import { type Finding, finding } from '../../findings.ts';
import { show } from '../show.ts';

/** Which versions this library is tested with (its peerDependencies), and clerk-js's two majors. `least`: major, minor. */
const supported: Readonly<Record<string, { range: string; least: readonly [number, number]; below: number }>> = {
  react: { range: '^18.0.0 || ^19.0.0', least: [18, 0], below: 20 },
  'react-dom': { range: '^18.0.0 || ^19.0.0', least: [18, 0], below: 20 },
  convex: { range: '>=1.25.0 <2', least: [1, 25], below: 2 },
  'clerk-js': { range: '5 || 6', least: [5, 0], below: 7 },
};

/** Copies of what may be there only once, and versions that nobody has tried. */
export const checkVersions: Check = ({ runtime }) => {
  const { react = [], convex = [] } = runtime?.versions ?? {};
  const findings: Finding[] = [];
  if (react.length > 1) findings.push(finding('REACT_DUPLICATED', { versions: inOrder(react) }));
  if (convex.length > 1) findings.push(finding('CONVEX_DUPLICATED', { versions: inOrder(convex) }));
  for (const [name, { range, least, below }] of Object.entries(supported)) {
    const strange = runtime?.versions?.[name]?.find((version) => !isBetween(version, least, below));
    if (strange !== undefined) {
      findings.push(finding('VERSION_UNSUPPORTED', { name, seen: show(strange), expected: range }));
    }
  }
  return findings;
};

/** Two copies of one version are two copies. */
const inOrder = (versions: readonly string[]): string => show([...versions].sort().join(', '));

/** What is no version, as `0.0.0-experimental` or `canary`, is left alone: whoever has it knows. */
function isBetween(version: string, [major, minor]: readonly [number, number], below: number): boolean {
  const match = /^v?(\d{1,9})\.(\d{1,9})/.exec(version);
  if (!match) return true;
  const [seenMajor, seenMinor] = [Number(match[1]), Number(match[2])];
  if (seenMajor === 0 && seenMinor === 0) return true;
  return seenMajor < below && (seenMajor > major || (seenMajor === major && seenMinor >= minor));
}
