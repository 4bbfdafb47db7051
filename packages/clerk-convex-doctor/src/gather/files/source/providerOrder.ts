import type { JsxElement } from '../syntax/parseSource.ts';
import { componentOrigin } from './componentOrigin.ts';
import { leadsTo, resolveImport } from './resolveImport.ts';
import type { SourceFile } from './sourceFiles.ts';

/** The JSX of a file, and the elements among it that are Clerk's provider. */
export interface ProviderView {
  readonly file: SourceFile;
  readonly elements: readonly JsxElement[];
  readonly clerk: readonly { readonly element: JsxElement }[];
}

interface Place {
  readonly element: JsxElement;
  readonly view: ProviderView;
}

interface Owner {
  readonly component: Component;
  readonly view: ProviderView;
}

/** So many components that render each other are followed. */
const deepest = 5;

/** What is around a Convex provider: written so in one file, or by components that wrap their children, of this file or another. */
interface Order {
  /** Clerk's provider is inside of it, and none is around it. */
  isOutside(convex: Place): boolean;
  /** All that is around it is known, and cannot have Clerk's provider in it, if no file of the app has. */
  isAlone(convex: Place): boolean;
}

export function createOrder(views: readonly ProviderView[], files: readonly SourceFile[]): Order {
  const ownersOf = (places: readonly Place[]): readonly Owner[] => {
    const owners = new Map<string, Owner>();
    for (const { element, view } of places) {
      const component = componentAround(element, view.file);
      if (component) owners.set(keyOf({ component, view }), { component, view });
    }
    return [...owners.values()];
  };
  const renders = ({ element, view }: Place, owner: Owner): boolean => {
    const { name } = element.openingElement;
    if (name.type !== 'JSXIdentifier') return false;
    if (view === owner.view && name.name === owner.component.name) return true;
    const names = [owner.component.name, ...(owner.component.isDefault ? ['default'] : [])];
    const imported = view.file.imports.get(name.name);
    return imported !== undefined && leadsTo(imported, view.file, { file: owner.view.file, names }, files);
  };
  const all = views.flatMap((view) => view.elements.map((element): Place => ({ element, view })));
  const known = new Map<string, readonly Place[]>();
  const usesOf = (owner: Owner): readonly Place[] => {
    const uses = known.get(keyOf(owner)) ?? all.filter((place) => renders(place, owner));
    known.set(keyOf(owner), uses);
    return uses;
  };

  const clerk = views.flatMap((view) => view.clerk.map(({ element }): Place => ({ element, view })));
  const wrappers = ownersOf(clerk);
  /** Clerk's provider, and what renders it: by itself, or through others. */
  const direct = [...clerk, ...wrappers.flatMap(usesOf)];
  const anyhow = new Set(direct);
  let owners = ownersOf(wrappers.flatMap(usesOf));
  for (let depth = 0; depth < deepest && owners.length > 0; depth += 1) {
    const uses = owners.flatMap(usesOf).filter((place) => !anyhow.has(place));
    for (const use of uses) anyhow.add(use);
    owners = ownersOf(uses);
  }

  const hasClerk = (outer: Place): boolean => direct.some((inner) => isBelow(inner, outer));
  const isBelowClerk = (inner: Place, depth = 0): boolean =>
    [...anyhow].some((outer) => isBelow(inner, outer)) ||
    (depth < deepest && ownersOf([inner]).some((owner) => usesOf(owner).some((use) => isBelowClerk(use, depth + 1))));

  const isAlone = (inner: Place, depth = 0): boolean =>
    all.filter((outer) => isBelow(inner, outer)).every((outer) => isWithoutProviders(outer, files)) &&
    (depth >= deepest || ownersOf([inner]).every((owner) => usesOf(owner).every((use) => isAlone(use, depth + 1))));

  return {
    isOutside: (convex) =>
      !isBelowClerk(convex) && (hasClerk(convex) || ownersOf([convex]).some((owner) => usesOf(owner).some(hasClerk))),
    isAlone,
  };
}

/** Packages that many apps have around their providers, and none of which has to do with Clerk. */
const harmless =
  /^(?:react|react-dom|react-native|react-redux|react-router|react-router-dom|next|next-themes|next-intl|expo|jotai|sonner|nuqs)(?:[/-]|$)|^@(?:tanstack|radix-ui|mui|mantine|chakra-ui|emotion|expo|react-navigation|vercel|trpc)\//;

function isWithoutProviders({ element, view }: Place, files: readonly SourceFile[]): boolean {
  const { name } = element.openingElement;
  const base = name.type === 'JSXMemberExpression' ? name.object : name;
  if (base.type !== 'JSXIdentifier') return false;
  if (name.type === 'JSXIdentifier' && /^[a-z]/.test(name.name)) return true;
  const imported = view.file.imports.get(base.name);
  if (!imported) return true; // of this file
  const origin = componentOrigin(element, view.file, files);
  return origin ? harmless.test(origin.from) : resolveImport(imported.from, view.file, files) !== undefined;
}

const keyOf = ({ component, view }: Owner): string => `${view.file.path} ${component.name}`;

const isBelow = (inner: Place, outer: Place): boolean =>
  inner.view === outer.view && inner.element !== outer.element && isWithinNode(inner.element, outer.element);

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
