import type { ProviderUse } from 'clerk-convex-resilience/diagnosis';
import { bare, type Expression, type JsxElement, lineOf, memberName, walk } from '../syntax/parseSource.ts';
import { packageOf, resolveImport } from './resolveImport.ts';
import type { SourceFile } from './sourceFiles.ts';

/** Every Convex provider that is given Clerk's `useAuth`, or brings Clerk's provider itself, in the app's JSX. */
export function providersIn(files: readonly SourceFile[]): readonly ProviderUse[] {
  const views = files.map((file) => viewOf(file, files));
  const clerkAnywhere = new Set(views.flatMap(({ clerk }) => clerk.map(({ from }) => from)));
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
        isOutsideClerk: bringsClerk === undefined && isOutside(element, view, views, files),
      };
    }),
  );
}

/** Providers of this library that render Clerk's own. */
const allInOne: Readonly<Record<string, string>> = {
  'clerk-convex-resilience/react': '@clerk/react',
  'clerk-convex-resilience/clerk-react': '@clerk/clerk-react',
};

interface Use {
  readonly element: JsxElement;
  /** As its package calls it. */
  readonly name: string;
  readonly from: string;
}

interface View {
  readonly file: SourceFile;
  readonly elements: readonly JsxElement[];
  readonly convex: readonly Use[];
  readonly clerk: readonly Use[];
}

function viewOf(file: SourceFile, files: readonly SourceFile[]): View {
  const elements: JsxElement[] = [];
  walk(file.program, (node) => {
    if (node.type === 'JSXElement') elements.push(node);
  });
  const uses = elements.flatMap((element): readonly Use[] => {
    const origin = originOf(element, file, files);
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

/** The package of a JSX element's component, whatever it is called here. */
function originOf(
  element: JsxElement,
  file: SourceFile,
  files: readonly SourceFile[],
): { readonly name: string; readonly from: string } | undefined {
  const { name } = element.openingElement;
  if (name.type === 'JSXIdentifier') return packageOf(file.imports.get(name.name), file, files);
  if (name.type !== 'JSXMemberExpression' || name.object.type !== 'JSXIdentifier') return undefined;
  const whole = file.imports.get(name.object.name);
  return whole && packageOf({ from: whole.from, name: name.property.name }, file, files);
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

/**
 * Clerk's provider is inside of Convex's: written so in one file, or by a component that does nothing but wrap its children
 * into the Convex provider, of this file or another.
 */
function isOutside(element: JsxElement, view: View, views: readonly View[], files: readonly SourceFile[]): boolean {
  const isBelowClerk = (inner: JsxElement, where: View): boolean =>
    where.clerk.some(({ element: clerk }) => clerk !== inner && isWithinNode(inner, clerk));
  const hasClerk = (outer: JsxElement, where: View): boolean =>
    where.clerk.some(({ element: clerk }) => clerk !== outer && isWithinNode(clerk, outer));

  if (isBelowClerk(element, view)) return false;
  if (hasClerk(element, view)) return true;
  const component = componentAround(element, view.file);
  if (component === undefined) return false;
  return views.some((other) =>
    other.elements.some((outer) => {
      const { name } = outer.openingElement;
      if (name.type !== 'JSXIdentifier') return false;
      const leadsHere =
        other === view ? name.name === component.name : importLeadsTo(other, name.name, view, component, files);
      return leadsHere && hasClerk(outer, other) && !isBelowClerk(outer, other);
    }),
  );
}

function importLeadsTo(
  other: View,
  name: string,
  view: View,
  component: Component,
  files: readonly SourceFile[],
): boolean {
  const imported = other.file.imports.get(name);
  if (!imported || resolveImport(imported.from, other.file, files) !== view.file) return false;
  return imported.name === component.name || (imported.name === 'default' && component.isDefault);
}

interface Component {
  readonly name: string;
  readonly isDefault: boolean;
}

/** The function of the file's top level that an element is written in. */
function componentAround(element: JsxElement, file: SourceFile): Component | undefined {
  for (const statement of file.program.body) {
    if (!isWithinNode(element, statement)) continue;
    const isDefault = statement.type === 'ExportDefaultDeclaration';
    const inner =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration
        ? statement.declaration
        : statement;
    if (inner.type === 'FunctionDeclaration')
      return { name: inner.id?.name ?? 'default', isDefault: isDefault || isDefaultName(inner.id?.name, file) };
    if (inner.type === 'VariableDeclaration') {
      const declarator = inner.declarations.find((one) => isWithinNode(element, one));
      if (declarator?.id.type === 'Identifier')
        return { name: declarator.id.name, isDefault: isDefaultName(declarator.id.name, file) };
    }
    return isDefault ? { name: 'default', isDefault } : undefined;
  }
  return undefined;
}

/** `export default Providers;` */
const isDefaultName = (name: string | undefined, file: SourceFile): boolean =>
  file.program.body.some(
    (statement) =>
      statement.type === 'ExportDefaultDeclaration' &&
      statement.declaration.type === 'Identifier' &&
      statement.declaration.name === name,
  );

interface Positioned {
  readonly start?: number | null;
  readonly end?: number | null;
}

const isWithinNode = (inner: Positioned, outer: Positioned): boolean =>
  (inner.start ?? 0) >= (outer.start ?? 0) && (inner.end ?? 0) <= (outer.end ?? 0);
