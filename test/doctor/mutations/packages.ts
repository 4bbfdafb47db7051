import { addCopy, type Draft, edit, type Mutation, setVersion } from '../Draft.ts';
import type { CleanProject } from '../projects/CleanProject.ts';

const usesClerkReact = ({ clerk }: CleanProject): boolean => clerk === '@clerk/react';

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

/** Which provider, in which, with whose `useAuth`. */
export const sourceMutations: readonly Mutation[] = [
  {
    name: 'Convex outside of Clerk',
    codes: ['PROVIDER_ORDER_WRONG'],
    parts: ['provider'],
    fits: ({ providerFile, clerkProviderFile, name }) =>
      providerFile === clerkProviderFile && name !== 'vite-resilient',
    make: (draft) => {
      const { providerFile } = draft.project;
      const text = draft.files.get(providerFile) ?? '';
      const [clerk = ''] = /<ClerkProvider[^>]*>/.exec(text) ?? [];
      const [convex = '', name = ''] = /<(Convex\w*(?:WithClerk|ClerkProvider))[^>]*>/.exec(text) ?? [];
      const swap: Readonly<Record<string, string>> = {
        [clerk]: convex,
        [convex]: clerk,
        '</ClerkProvider>': `</${name}>`,
        [`</${name}>`]: '</ClerkProvider>',
      };
      const pattern = new RegExp(Object.keys(swap).map(escaped).join('|'), 'g');
      draft.files.set(
        providerFile,
        text.replace(pattern, (found) => swap[found] ?? found),
      );
    },
  },
  {
    name: 'Convex outside of Clerk, in two files',
    codes: ['PROVIDER_ORDER_WRONG'],
    parts: ['provider'],
    fits: ({ providerFile, clerkProviderFile }) => providerFile !== clerkProviderFile,
    make: (draft) =>
      edit(
        draft,
        draft.project.clerkProviderFile,
        /<ClerkProvider>[\s\S]*<\/ClerkProvider>/,
        `<ConvexClientProvider>
          <ClerkProvider>{children}</ClerkProvider>
        </ConvexClientProvider>`,
      ),
  },
  {
    name: "Convex outside of a component around Clerk's provider, both through a barrel",
    codes: ['PROVIDER_ORDER_WRONG'],
    parts: ['provider'],
    fits: ({ providerFile, clerkProviderFile }) => providerFile !== clerkProviderFile,
    make: (draft) => wrapProviders(draft, 'ConvexClientProvider', 'AuthProvider'),
  },
  {
    name: "Convex inside of a component around Clerk's provider, both through a barrel",
    codes: [],
    parts: ['provider'],
    fits: ({ providerFile, clerkProviderFile }) => providerFile !== clerkProviderFile,
    make: (draft) => wrapProviders(draft, 'AuthProvider', 'ConvexClientProvider'),
  },
  {
    name: "useAuth of another package than the provider's",
    codes: ['USE_AUTH_OF_ANOTHER_PACKAGE'],
    parts: ['provider', 'clerk package'],
    fits: ({ name }) => name !== 'vite-resilient',
    make: (draft) => {
      const { providerFile, clerk } = draft.project;
      const other = clerk === '@clerk/react' ? '@clerk/nextjs' : '@clerk/react';
      const text = draft.files.get(providerFile) ?? '';
      const quote = text.includes(`"${clerk}"`) ? '"' : "'";
      const alone = `import { useAuth } from ${quote}${clerk}${quote}`;
      const own = `import { useAuth } from ${quote}${other}${quote}`;
      if (text.includes(alone)) return edit(draft, providerFile, alone, own);
      edit(draft, providerFile, /, useAuth \} from/, ' } from');
      draft.files.set(providerFile, `${own}\n${draft.files.get(providerFile)}`);
    },
  },
];

function wrapProviders(draft: Draft, outer: string, inner: string): void {
  const { clerkProviderFile: file, providerFile } = draft.project;
  const folder = providerFile.replace(/[^/]+$/, '');
  edit(draft, file, 'import { ClerkProvider } from "@clerk/nextjs";\n', '');
  edit(
    draft,
    file,
    /import ConvexClientProvider from "([^"]*)\/ConvexClientProvider";/,
    'import { AuthProvider, ConvexClientProvider } from "@/components";',
  );
  edit(draft, file, /<ClerkProvider>[\s\S]*<\/ClerkProvider>/, `<${outer}><${inner}>{children}</${inner}></${outer}>`);
  draft.files.set(
    `${folder}AuthProvider.tsx`,
    `"use client";
import { ClerkProvider } from "@clerk/nextjs";
export function AuthProvider({ children }: { children: React.ReactNode }) {
  return <ClerkProvider>{children}</ClerkProvider>;
}
`,
  );
  draft.files.set(
    `${folder}index.ts`,
    'export * from "./AuthProvider";\nexport { default as ConvexClientProvider } from "./ConvexClientProvider";\n',
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
