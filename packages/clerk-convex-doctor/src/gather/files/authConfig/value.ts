import type { FunctionDeclaration, FunctionExpression } from '../syntax/parseSource.ts';
import type { Unreadable } from './unreadable.ts';

/** What an expression of auth.config comes to. */
export type Value =
  | PlainValue
  | ObjectValue
  | ListValue
  | FunctionValue
  | UnreadableValue
  | { readonly kind: 'environment' };

/** A part of an object or a list that is not known; the parts beside it are. */
interface UnreadableValue {
  readonly kind: 'unreadable';
  readonly error: Unreadable;
}

export interface PlainValue {
  readonly kind: 'plain';
  readonly data: string | number | boolean | null | undefined;
  /** The variables that it is made from, in the order of their trial. */
  readonly env: readonly string[];
  /** It is the value of a variable that is not set here, and nobody knows whether it is set in the deployment. */
  readonly isGuess: boolean;
}

export interface ObjectValue {
  readonly kind: 'object';
  readonly entries: ReadonlyMap<string, Value>;
  readonly line: number;
}

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

interface FunctionValue {
  readonly kind: 'function';
  readonly node: FunctionExpression | FunctionDeclaration;
  readonly scope: Scope;
}

/** Names that are known at a place, and what they stand for. */
export interface Scope {
  lookUp(name: string): Value | undefined;
}

export const plain = (data: PlainValue['data'], env: readonly string[] = [], isGuess = false): PlainValue => ({
  kind: 'plain',
  data,
  env,
  isGuess,
});

/** Names in the order of their first mention. */
export const both = (a: Value, b: Value): readonly string[] => [...new Set([...envOf(a), ...envOf(b)])];

export const envOf = (value: Value): readonly string[] => (value.kind === 'plain' ? value.env : []);

/** As JavaScript sees it. */
export const isTruthy = (value: Value): boolean => value.kind !== 'plain' || Boolean(value.data);

/** What a part comes to. Throws where it is not known. */
export function readable(value: Value): Value {
  if (value.kind === 'unreadable') throw value.error;
  return value;
}
