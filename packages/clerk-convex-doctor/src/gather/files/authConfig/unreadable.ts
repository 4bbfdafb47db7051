import { lineOf } from '../syntax/parseSource.ts';

/** Thrown and caught inside of this folder only: something is not known before it runs. The message names it and its line. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  /** The file of that line. */
  readonly file: string | undefined;

  constructor(message: string, file: string | undefined) {
    super(message);
    this.file = file;
  }
}

/** `construct` names what was met: `a call of fetch()`. */
export const unreadable = (construct: string, node: Parameters<typeof lineOf>[0]): Unreadable =>
  new Unreadable(
    `${construct} in line ${lineOf(node)}`,
    (node.loc as { readonly filename?: string } | null | undefined)?.filename,
  );
