import type { ProviderUse } from 'clerk-convex-resilience/diagnosis';
import { bare, type Expression, type JsxElement, lineOf, memberName, walk } from '../syntax/parseSource.ts';
import { componentOrigin } from './componentOrigin.ts';
import { createOrder, type ProviderView } from './providerOrder.ts';
import { packageOf } from './resolveImport.ts';
import type { SourceFile } from './sourceFiles.ts';

/** Every Convex provider that is given Clerk's `useAuth`, or brings Clerk's provider itself, in the app's JSX. */
export function providersIn(files: readonly SourceFile[]): readonly ProviderUse[] {
  const views = files.map((file) => viewOf(file, files));
  const clerkAnywhere = new Set(views.flatMap(({ clerk }) => clerk.map(({ from }) => from)));
  const order = createOrder(views, files);
  const mayHaveClerk = files.some(isAboutClerkProvider);
  const onlyClerk = clerkAnywhere.size === 1 ? [...clerkAnywhere][0] : undefined;

  return views.flatMap((view): readonly ProviderUse[] =>
    view.convex.map(({ element, name, from }): ProviderUse => {
      const bringsClerk = allInOne[from];
      const useAuthFrom = useAuthOf(element, view.file, files) ?? bringsClerk;
      const clerkProviderFrom = bringsClerk ?? view.clerk[0]?.from ?? onlyClerk;
      return {
        name,
        at: `${view.file.shown}:${lineOf(element.openingElement)}`,
        ...(useAuthFrom !== undefined && { useAuthFrom }),
        ...(clerkProviderFrom !== undefined && { clerkProviderFrom }),
        isOutsideClerk: bringsClerk === undefined && order.isOutside({ element, view }),
        ...(bringsClerk === undefined &&
          !mayHaveClerk &&
          needsProvider.test(useAuthFrom ?? '') &&
          order.isAlone({ element, view }) && { isWithoutClerk: true }),
      };
    }),
  );
}

/** Providers of this library that render Clerk's own. */
const allInOne: Readonly<Record<string, string>> = {
  'clerk-convex-resilience/react': '@clerk/react',
  'clerk-convex-resilience/clerk-react': '@clerk/clerk-react',
};

/** Packages of Clerk's whose hooks throw without a `ClerkProvider`; those of Astro, Gatsby and Remix bring theirs elsewhere. */
const needsProvider =
  /^@clerk\/(?:react|clerk-react|nextjs|expo|clerk-expo|tanstack-react-start|tanstack-start|react-router)(?:\/|$)/;

/** Is something of Clerk's imported that may render its provider, under whatever name? */
const isAboutClerkProvider = ({ imports, text }: SourceFile): boolean =>
  /\b(?:import|require)\(\s*['"]@clerk\//.test(text) ||
  [...imports.values()].some(
    ({ name, from }) =>
      (/Clerk\w*(?:Provider|App)\b|^withClerk/.test(name) && !name.startsWith('Convex')) ||
      (name === '*' && from.startsWith('@clerk/')),
  );

interface Use {
  readonly element: JsxElement;
  /** As its package calls it. */
  readonly name: string;
  readonly from: string;
}

interface View extends ProviderView {
  readonly convex: readonly Use[];
  readonly clerk: readonly Use[];
}

function viewOf(file: SourceFile, files: readonly SourceFile[]): View {
  const elements: JsxElement[] = [];
  walk(file.program, (node) => {
    if (node.type === 'JSXElement') elements.push(node);
  });
  const uses = elements.flatMap((element): readonly Use[] => {
    const origin = componentOrigin(element, file, files);
    return origin ? [{ element, ...origin }] : [];
  });
  return {
    file,
    elements,
    convex: uses.filter(
      ({ name, from }) =>
        (name === 'ConvexProviderWithClerk' && from === 'convex/react-clerk') ||
        (name === 'ConvexClerkProvider' && /^clerk-convex-resilience(\/|$)/.test(from)),
    ),
    clerk: uses.filter(({ name, from }) => name === 'ClerkProvider' && from.startsWith('@clerk/')),
  };
}

/** The package of `useAuth={…}`; undefined: a hook of the app's own, or none. */
function useAuthOf(element: JsxElement, file: SourceFile, files: readonly SourceFile[]): string | undefined {
  for (const attribute of element.openingElement.attributes) {
    if (attribute.type !== 'JSXAttribute' || attribute.name.name !== 'useAuth') continue;
    if (attribute.value?.type !== 'JSXExpressionContainer') return undefined;
    if (attribute.value.expression.type === 'JSXEmptyExpression') return undefined;
    return hookPackage(bare(attribute.value.expression), file, files, 0);
  }
  return undefined;
}

function hookPackage(
  hook: Expression,
  file: SourceFile,
  files: readonly SourceFile[],
  depth: number,
): string | undefined {
  const member = memberName(hook);
  if (member !== undefined) {
    const { object } = hook as Extract<Expression, { type: 'MemberExpression' }>;
    const whole = object.type === 'Identifier' ? file.imports.get(object.name) : undefined;
    return whole && packageOf({ from: whole.from, name: member }, file, files)?.from;
  }
  if (hook.type !== 'Identifier') return undefined;
  const imported = file.imports.get(hook.name);
  if (imported) return packageOf(imported, file, files)?.from;
  // `const useClerkAuth = useAuth;`
  let alias: Expression | undefined;
  walk(file.program, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === hook.name && node.init)
      alias = bare(node.init);
  });
  return alias && depth < 5 ? hookPackage(alias, file, files, depth + 1) : undefined;
}
