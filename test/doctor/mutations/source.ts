import { type Draft, edit, type Mutation, textOf } from '../Draft.ts';

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
    name: "no ClerkProvider around Convex's provider",
    codes: ['CLERK_PROVIDER_MISSING'],
    parts: ['provider', 'publishable key'],
    fits: ({ name }) => name !== 'vite-resilient',
    make: (draft) => {
      const { clerkProviderFile: file } = draft.project;
      dropImport(draft, file, 'ClerkProvider');
      edit(draft, file, /<ClerkProvider[^>]*>/, '<>');
      edit(draft, file, '</ClerkProvider>', '</>');
    },
  },
  {
    name: "Convex's plain provider in Clerk's",
    codes: ['CONVEX_PROVIDER_WITHOUT_AUTH'],
    parts: ['provider', 'auth config'],
    make: (draft) => {
      const { providerFile: file, clerk } = draft.project;
      const text = textOf(draft, file);
      const [opening = '', name = ''] = /<(Convex\w*(?:WithClerk|ClerkProvider))[^>]*>/.exec(text) ?? [];
      const isAllInOne = opening.includes('convexUrl');
      dropImport(draft, file, name);
      draft.files.set(file, `import { ConvexProvider } from 'convex/react';\n${textOf(draft, file)}`);
      if (isAllInOne) {
        draft.files.set(file, `import { ClerkProvider } from '${clerk}';\n${textOf(draft, file)}`);
        edit(
          draft,
          file,
          opening,
          '<ClerkProvider publishableKey={VITE_CLERK_PUBLISHABLE_KEY}><ConvexProvider client={convex}>',
        );
        edit(draft, file, `</${name}>`, '</ConvexProvider></ClerkProvider>');
      } else {
        edit(draft, file, opening, opening.replace(name, 'ConvexProvider').replace(' useAuth={useAuth}', ''));
        edit(draft, file, `</${name}>`, '</ConvexProvider>');
      }
    },
  },
  {
    name: "Convex's plain provider for a part that is public",
    codes: [],
    parts: ['provider'],
    make: (draft) =>
      void draft.files.set(
        draft.project.providerFile.replace(/[^/]+$/, 'PublicPart.jsx'),
        `import { ConvexProvider } from 'convex/react';
export const PublicPart = ({ client, children }) => <ConvexProvider client={client}>{children}</ConvexProvider>;
`,
      ),
  },
  {
    name: 'code that asks for a template called Convex',
    codes: ['JWT_TEMPLATE_WRONG_IN_CODE'],
    parts: ['functions', 'template', 'provider'],
    make: (draft) => askFor(draft, 'Convex'),
  },
  {
    name: 'code that asks for a template that Clerk does not have',
    codes: ['JWT_TEMPLATE_WRONG_IN_CODE'],
    parts: ['functions', 'template', 'provider', 'backend api'],
    make: (draft) => {
      askFor(draft, 'convex-app');
      draft.network = {
        ...draft.network,
        backendApi: { ...draft.network.backendApi, templates: [{ name: 'convex', lifetime: 60, aud: 'convex' }] },
      };
    },
  },
  {
    name: "code that asks for other services' templates, and for one of its own",
    codes: [],
    parts: ['functions', 'template', 'backend api'],
    make: (draft) => {
      askFor(draft, 'supabase', 'my-convex');
      const templates = ['convex', 'my-convex'].map((name) => ({ name, lifetime: 60, aud: 'convex' }));
      draft.network = { ...draft.network, backendApi: { ...draft.network.backendApi, templates } };
    },
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

/** Takes a name out of a file's imports, and the import with it if it was the only one. */
function dropImport(draft: Draft, file: string, name: string): void {
  const pattern = new RegExp(`import \\{([^}]*\\b${name}\\b[^}]*)\\} from ([^\\n]*)\\n`);
  const [all = '', names = '', from = ''] = pattern.exec(textOf(draft, file)) ?? [];
  const others = names
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== name);
  edit(draft, file, all, others.length === 0 ? '' : `import { ${others.join(', ')} } from ${from}\n`);
}

/** Code of the app's own, in a file of its own and as its guides have it, that asks Clerk for templates. */
function askFor(draft: Draft, ...names: readonly string[]): void {
  const { providerFile, clerk } = draft.project;
  draft.files.set(
    providerFile.replace(/[^/]+$/, 'useCalls.js'),
    `import { useAuth } from '${clerk}';
export function useCalls() {
  const { getToken } = useAuth();
  return async () => Promise.all([
${names.map((name) => `    getToken({ template: '${name}' }),`).join('\n')}
  ]);
}
`,
  );
}

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
