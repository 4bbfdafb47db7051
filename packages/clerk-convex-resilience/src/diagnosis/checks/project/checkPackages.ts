import type { PackageEvidence, ProjectEvidence } from '../../evidence.ts';
import { isSupported, type Supported, supported } from '../supported.ts';
import { onProject } from './onProject.ts';
import { packageOf } from './packageUse.ts';
import { tell } from './tell.ts';

/** Major and minor: the lowest and the highest that a range allows. */
interface Span {
  readonly major: number;
  readonly highest: number;
}

/** `^1.20.0`, `~1.20`, `1.20.0`, `18.x`, each with `||`. Null: it is written otherwise, and not known. */
function spansOf(range: string): readonly Span[] | null {
  const spans = range.split('||').map((part) => {
    const match = /^\s*([\^~=v]?)\s*(\d+)(?:\.(\d+|[xX*]))?(?:\.(?:\d+|[xX*]))?(?:[-+][\w.+-]+)?\s*$/.exec(part);
    if (!match) return null;
    const [, sign, major, minor] = match;
    const isOpen = sign === '^' || minor === undefined || !/^\d+$/.test(minor);
    return { major: Number(major), highest: isOpen ? Infinity : Number(minor) };
  });
  return spans.every((span) => span !== null) ? spans : null;
}

const fits = (rule: Supported, { major, highest }: Span): boolean => isSupported(rule, major, highest);

/**
 * The version that is too old or too new: the range, where it allows no other, else what is installed. Of several that are
 * installed, the one that the range can mean.
 */
function unsupportedVersion(rule: Supported, found: PackageEvidence): string | undefined {
  const { wanted = '', installed } = found;
  const spans = spansOf(wanted);
  if (spans && !spans.some((span) => fits(rule, span))) return wanted;
  const meant = installed.findLast((version) => spans?.some(({ major }) => major === spansOf(version)?.[0]?.major));
  const version = meant ?? installed.at(-1);
  const [span] = (version !== undefined && spansOf(version)) || [];
  return span && !fits(rule, span) ? version : undefined;
}

const isWanted = (project: ProjectEvidence, name: string): boolean => packageOf(project, name)?.wanted !== undefined;

const isAskedFor = ({ name, isOfPage, isOfOthers, isOfFramework }: Supported, project: ProjectEvidence): boolean =>
  !isOfPage &&
  (!isOfOthers || (isWanted(project, name) && isWanted(project, library))) &&
  (!isOfFramework || isWanted(project, name));

const library = 'clerk-convex-resilience';

/** Versions that this library does not run with, of what it builds on. */
export const checkVersions = onProject((project) =>
  supported.flatMap((rule) => {
    const found = packageOf(project, rule.name);
    const seen = found && isAskedFor(rule, project) ? unsupportedVersion(rule, found) : undefined;
    if (seen === undefined) return [];
    const mismatch = { name: rule.name, seen, expected: rule.range };
    return isWanted(project, library)
      ? [tell('VERSION_UNSUPPORTED', mismatch)]
      : [tell('VERSION_UNSUPPORTED', { ...mismatch, isWithoutLibrary: true }, undefined, 'info')];
  }),
);

/**
 * The app itself asks for `@clerk/clerk-react`, which `@clerk/react` has replaced; other packages of Clerk bring it along, and
 * that is theirs. Of a version that is not supported at all, only that is said.
 */
export const checkDeprecatedClerk = onProject((project) => {
  const name = '@clerk/clerk-react';
  const found = packageOf(project, name);
  const rule = supported.find((each) => each.name === name);
  if (found?.wanted === undefined || (rule && unsupportedVersion(rule, found) !== undefined)) return [];
  return [tell('CLERK_REACT_DEPRECATED', { version: found.installed.at(-1) ?? found.wanted })];
});

/** Two copies of a package whose state or context is its own: a provider of the one is unknown to the hooks of the other. */
export const checkDuplicates = onProject((project) => {
  const react = severalOf(project, 'react');
  const convex = severalOf(project, 'convex');
  return [
    ...(react === null ? [] : [tell('REACT_DUPLICATED', { versions: react })]),
    ...(convex === null ? [] : [tell('CONVEX_DUPLICATED', { versions: convex })]),
  ];
});

function severalOf(project: ProjectEvidence, name: string): string | null {
  const { installed = [] } = packageOf(project, name) ?? {};
  return installed.length > 1 ? installed.join(', ') : null;
}
