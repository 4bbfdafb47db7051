import { addCopy, type Draft, type Mutation, setVersion, textOf } from '../Draft.ts';
import type { CleanProject } from '../projects/CleanProject.ts';

const usesClerkReact = ({ clerk }: CleanProject): boolean => clerk === '@clerk/react';

const installedVersion = (draft: Draft, name: string): string =>
  (JSON.parse(textOf(draft, `${draft.project.app}node_modules/${name}/package.json`)) as { version: string }).version;

/** Packages, and what a build has left. */
export const packageMutations: readonly Mutation[] = [
  {
    name: "Clerk's package by its earlier name",
    codes: ['CLERK_REACT_DEPRECATED'],
    parts: ['clerk package', 'provider'],
    fits: usesClerkReact,
    make: (draft) => {
      for (const [file, text] of draft.files) {
        if (file.includes('node_modules/')) continue;
        const changed = text
          .replaceAll('clerk-convex-resilience/react', 'clerk-convex-resilience/clerk-react')
          .replaceAll('@clerk/react', '@clerk/clerk-react');
        if (changed !== text) draft.files.set(file, changed);
      }
      const stub = 'node_modules/@clerk/react/package.json';
      const { version } = JSON.parse(draft.files.get(stub) ?? '{}') as { version: string };
      draft.files.delete(stub);
      draft.files.set(
        'node_modules/@clerk/clerk-react/package.json',
        `${JSON.stringify({ name: '@clerk/clerk-react', version }, null, 2)}\n`,
      );
      setVersion(draft, '@clerk/clerk-react', '5.61.11');
    },
  },
  {
    name: 'a Convex that is too old',
    codes: ['VERSION_UNSUPPORTED'],
    parts: ['convex package'],
    make: (draft) => setVersion(draft, 'convex', '1.16.3'),
  },
  {
    name: 'a React that is too old',
    codes: ['VERSION_UNSUPPORTED'],
    parts: ['react package'],
    make: (draft) => {
      setVersion(draft, 'react', '17.0.2');
      const dom = `${draft.project.app}node_modules/react-dom/package.json`;
      if (draft.files.has(dom)) setVersion(draft, 'react-dom', '17.0.2');
    },
  },
  {
    name: 'a copy of React in another package',
    codes: ['REACT_DUPLICATED'],
    parts: ['react package', 'next package'],
    make: (draft) => addCopy(draft, 'react', '18.2.0'),
  },
  {
    name: 'a copy of Convex in another package',
    codes: ['CONVEX_DUPLICATED'],
    parts: ['convex package', 'react package'],
    make: (draft) => addCopy(draft, 'convex', '1.27.5', 'some-convex-helper'),
  },
  {
    name: 'a second copy of React, of the same version',
    codes: ['REACT_DUPLICATED'],
    parts: ['react package', 'next package'],
    // In Yarn's lockfile and pnpm's one version is one copy: where it is put, they do not say.
    make: (draft) => addCopy(draft, 'react', installedVersion(draft, 'react')),
  },
  {
    name: 'a second copy of Convex, of the same version',
    codes: ['CONVEX_DUPLICATED'],
    parts: ['convex package', 'react package'],
    make: (draft) => addCopy(draft, 'convex', installedVersion(draft, 'convex'), 'some-convex-helper'),
  },
  {
    name: 'copies of React and Convex in another package, for which Vite takes the own ones',
    codes: [],
    parts: ['convex package', 'react package'],
    fits: ({ framework }) => framework === 'vite',
    make: (draft) => {
      addCopy(draft, 'react', '18.2.0');
      addCopy(draft, 'convex', '1.27.5', 'some-convex-helper');
      draft.files.set(
        `${draft.project.app}vite.config.ts`,
        "export default { resolve: { dedupe: ['react', 'react-dom', 'convex'] } };\n",
      );
    },
  },
  {
    name: 'a build that is older than the keys',
    codes: ['STALE_BUILD_CACHE'],
    parts: ['build', 'env file'],
    fits: ({ framework }) => framework === 'next',
    make: (draft) => {
      const id = `${draft.project.app}.next/BUILD_ID`;
      draft.files.set(id, 'x4t2\n');
      draft.ages.set(id, 86_400);
      draft.ages.set(`${draft.project.app}.next`, 86_400);
      draft.ages.set(draft.project.envFile, 3_600);
    },
  },
];
