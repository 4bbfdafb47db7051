import { type Draft, edit, type Mutation, textOf } from '../Draft.ts';
import type { CleanProject } from '../projects/CleanProject.ts';

const hasMiddleware = ({ middlewareFile }: CleanProject): boolean => middlewareFile !== undefined;
const isNext = ({ framework }: CleanProject): boolean => framework === 'next';

/** Clerk's middleware of Next.js (`proxy.ts`, `middleware.ts`) and TanStack Start (`src/start.ts`). */
export const middlewareMutations: readonly Mutation[] = [
  {
    name: 'no middleware',
    codes: ['MIDDLEWARE_MISSING'],
    parts: ['middleware'],
    fits: hasMiddleware,
    make: (draft) => {
      draft.files.delete(draft.project.middlewareFile ?? '');
    },
  },
  {
    name: 'proxy.ts and middleware.ts beside each other',
    codes: ['MIDDLEWARE_AND_PROXY'],
    parts: ['middleware', 'next package'],
    // Before 16, proxy.ts is a file like any other.
    fits: ({ middlewareFile }) => middlewareFile?.endsWith('proxy.ts') === true,
    make: (draft) => {
      const file = draft.project.middlewareFile ?? '';
      const other = file.endsWith('proxy.ts')
        ? file.replace('proxy.ts', 'middleware.ts')
        : file.replace('middleware.ts', 'proxy.ts');
      draft.files.set(other, textOf(draft, file));
    },
  },
  {
    name: 'a helper called proxy.ts in Next.js 15',
    codes: [],
    parts: ['middleware', 'next package'],
    fits: (project) => isNext(project) && project.middlewareFile?.endsWith('middleware.ts') === true,
    make: (draft) => {
      const file = (draft.project.middlewareFile ?? '').replace('middleware.ts', 'proxy.ts');
      draft.files.set(file, 'export const proxy = (url: string) => fetch(url);\n');
    },
  },
  {
    name: 'a middleware where Next.js does not look for it',
    codes: ['MIDDLEWARE_MISSING'],
    parts: ['middleware', 'next package'],
    fits: isNext,
    make: (draft) => {
      const { app, middlewareFile: file = '' } = draft.project;
      const local = file.slice(app.length);
      draft.files.set(
        app + (local.startsWith('src/') ? local.slice('src/'.length) : `src/${local}`),
        textOf(draft, file),
      );
      draft.files.delete(file);
    },
  },
  {
    name: 'a matcher that leaves out a page which calls auth()',
    codes: ['MIDDLEWARE_MISSING'],
    parts: ['middleware', 'next package'],
    fits: isNext,
    make: (draft) => {
      matchDashboard(draft);
      draft.files.set(
        (draft.project.middlewareFile ?? '').replace(/[^/]+$/, 'app/(site)/account/page.tsx'),
        `import { auth } from "@clerk/nextjs/server";
export default async function Page() {
  const { userId } = await auth();
  return <p>{userId}</p>;
}
`,
      );
    },
  },
  {
    name: 'a matcher that leaves out a page whose layout renders SignedIn',
    codes: ['MIDDLEWARE_MISSING'],
    parts: ['middleware', 'next package'],
    fits: isNext,
    make: (draft) => {
      matchDashboard(draft);
      const folder = (draft.project.middlewareFile ?? '').replace(/[^/]+$/, 'app/(site)/account/');
      draft.files.set(`${folder}page.tsx`, 'export default () => <p />;\n');
      draft.files.set(
        `${folder}layout.tsx`,
        `import { SignedIn } from "@clerk/nextjs";
export default ({ children }) => <main><SignedIn><a href="/account">Account</a></SignedIn>{children}</main>;
`,
      );
    },
  },
  {
    name: 'a middleware in another file, which hands it on',
    codes: [],
    parts: ['middleware'],
    fits: isNext,
    make: (draft) => {
      const { middlewareFile: file = '' } = draft.project;
      draft.files.set(file.replace(/[^/]+$/, 'clerk/guard.ts'), textOf(draft, file));
      draft.files.set(file, 'export { default, config } from "./clerk/guard";\n');
    },
  },
  {
    name: 'a middleware that knows nothing of Clerk',
    codes: ['MIDDLEWARE_WITHOUT_CLERK'],
    parts: ['middleware'],
    fits: isNext,
    make: (draft) => {
      const file = draft.project.middlewareFile ?? '';
      const name = file.endsWith('proxy.ts') ? 'proxy' : 'middleware';
      draft.files.set(
        file,
        `import { NextResponse, type NextRequest } from "next/server";

export function ${name}(request: NextRequest) {
  return NextResponse.rewrite(new URL("/home", request.url));
}
`,
      );
    },
  },
  {
    name: 'a start instance without Clerk',
    codes: ['MIDDLEWARE_WITHOUT_CLERK'],
    parts: ['middleware'],
    fits: ({ framework }) => framework === 'tanstack-start',
    make: (draft) => {
      const file = draft.project.middlewareFile ?? '';
      edit(draft, file, "import { clerkMiddleware } from '@clerk/tanstack-react-start/server'\n", '');
      edit(draft, file, 'clerkMiddleware()', '');
    },
  },
];

function matchDashboard(draft: Draft): void {
  draft.files.set(
    draft.project.middlewareFile ?? '',
    `import { clerkMiddleware } from "@clerk/nextjs/server";
export default clerkMiddleware();
export const config = { matcher: ["/dashboard/:path*"] };
`,
  );
}
