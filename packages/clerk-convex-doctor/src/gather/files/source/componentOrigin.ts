import type { Imported } from '../syntax/imports.ts';
import type { JsxElement } from '../syntax/parseSource.ts';
import { packageOf } from './resolveImport.ts';
import type { SourceFile } from './sourceFiles.ts';

/** The package of a JSX element's component, whatever it is called here. Undefined: it is of the app's own, or nobody can tell. */
export function componentOrigin(
  element: JsxElement,
  file: SourceFile,
  files: readonly SourceFile[],
): Imported | undefined {
  const { name } = element.openingElement;
  if (name.type === 'JSXIdentifier') return packageOf(file.imports.get(name.name), file, files);
  if (name.type !== 'JSXMemberExpression' || name.object.type !== 'JSXIdentifier') return undefined;
  const whole = file.imports.get(name.object.name);
  return whole && packageOf({ from: whole.from, name: name.property.name }, file, files);
}
