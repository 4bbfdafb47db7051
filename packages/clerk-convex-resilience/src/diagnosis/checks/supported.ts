/** Versions of one package that this library runs with. */
export interface Supported {
  readonly name: string;
  /** Major and minor of the lowest. */
  readonly least: readonly [number, number];
  /** The first major that is too high. */
  readonly below: number;
  readonly range: string;
  /** Others bring it along, or have versions of their own: looked at only where the app itself asks for it, and for this library. */
  readonly isOfOthers?: true;
  /** Known on a page; in a project another package says the same. */
  readonly isOfPage?: true;
  /** No peer: Clerk's package for a framework, which brings one of the peers along. Looked at where the app asks for it. */
  readonly isOfFramework?: true;
}

/**
 * This library's `peerDependencies`, `react-dom`, which is React's, the two majors of clerk-js, and of Clerk's packages for
 * frameworks those that bring `@clerk/clerk-react` 5 or `@clerk/react` 6 along (npm, November 2026).
 */
export const supported: readonly Supported[] = [
  { name: 'convex', least: [1, 25], below: 2, range: '>=1.25.0 <2' },
  { name: 'react', least: [18, 0], below: 20, range: '^18.0.0 || ^19.0.0' },
  { name: 'react-dom', least: [18, 0], below: 20, range: '^18.0.0 || ^19.0.0', isOfPage: true },
  { name: '@clerk/clerk-react', least: [5, 0], below: 6, range: '^5.0.0' },
  { name: '@clerk/react', least: [6, 0], below: 7, range: '^6.0.0' },
  { name: '@clerk/nextjs', least: [6, 0], below: 8, range: '^6.0.0 || ^7.0.0' },
  { name: '@clerk/backend', least: [2, 0], below: 4, range: '^2.0.0 || ^3.0.0', isOfOthers: true },
  // The patch is not looked at: 15.2.0 to 15.2.7 pass.
  { name: 'next', least: [15, 2], below: Infinity, range: '>=15.2.8', isOfOthers: true },
  { name: '@clerk/clerk-expo', least: [1, 0], below: 3, range: '^1.0.0 || ^2.0.0', isOfFramework: true },
  { name: '@clerk/expo', least: [2, 0], below: 5, range: '>=2.0.0 <5', isOfFramework: true },
  { name: '@clerk/tanstack-react-start', least: [0, 0], below: 2, range: '<2', isOfFramework: true },
  { name: 'clerk-js', least: [5, 0], below: 7, range: '5 || 6', isOfPage: true },
];

/** `0.0.0-experimental` is nobody's by mistake. */
export const isSupported = ({ least, below }: Supported, major: number, minor: number): boolean =>
  (major === 0 && minor === 0) || (major < below && (major > least[0] || (major === least[0] && minor >= least[1])));
