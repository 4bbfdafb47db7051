import type { Expression } from '../syntax/parseSource.ts';
import type { ConfigModule } from './configModules.ts';
import { unreadable } from './unreadable.ts';
import type { Scope, Value } from './value.ts';

/** What an evaluation may look at, and how much it may do. */
export interface Evaluation {
  readonly env: Readonly<Record<string, string>>;
  /** The variables are the deployment's own: one that is not there is not set. */
  readonly isDeployment: boolean;
  /** The names of each file, made once. */
  readonly scopes: Map<ConfigModule, Scope>;
  /** Steps that are left: a file may make itself longer than anybody can wait for. */
  steps: number;
}

/** What an expression within another comes to, in the same scope. */
export type EvaluateInner = (inner: Expression) => Value;

/** What an expression comes to in a scope, one step further down. */
export type EvaluateIn = (expression: Expression, scope: Scope) => Value;

/** Names come from a file of somebody else's: short, and without what a terminal would obey. */
export const shown = (name: string): string => name.replace(/[^\w$.[\]-]/g, '?').slice(0, 60);

/** What depends on a variable that nobody knows of can be either way. */
export function refuseGuess(value: Value, node: Expression): void {
  if (value.kind === 'plain' && value.isGuess)
    throw unreadable(`a condition on ${value.env.map(shown).join(', ')}, which is not known here,`, node);
}
