import type { StoreUserError } from '../core/storeUserError.ts';
import { type Finding, finding, type ReportedFinding } from '../diagnosis/findings.ts';
import { reported } from './reported.ts';
import { type Teller, tellOf } from './tellOf.ts';

/** Refused so often in a row while Convex says that it knows the user, it is no call that came too early. */
const tooOften = 3;

/** What is known of the refusals: how many in a row, and what was found of the last one. */
interface Refusals {
  readonly attempt: number;
  readonly findings?: readonly ReportedFinding[] | undefined;
}

/**
 * What is wrong where `storeUser` of `./convex` refuses: its issuer is another than that of auth.config, or the function runs
 * as nobody. Tells of what is new.
 */
export function findingsOfStoreUser(
  view: Teller,
  error: StoreUserError,
  { attempt, findings }: Refusals,
): readonly ReportedFinding[] | undefined {
  const found = findingOf(error, attempt);
  if (!found || findings?.some(({ code }) => code === found.code)) return findings;
  const told = reported([found], view.development());
  tellOf(view, told, findings ?? []);
  return told;
}

function findingOf({ data }: StoreUserError, times: number): Finding | null {
  if (data.code === 'NO_IDENTITY' && times >= tooOften) {
    return finding('FUNCTION_RAN_WITHOUT_IDENTITY', { seen: data.code, times });
  }
  if (data.code !== 'WRONG_PROVIDER') return null;
  // The words of `storeUser` itself (server/convex/storeUser.ts).
  const [, seen, expected] = /was issued by (\S+), and was expected of (\S+)\. /.exec(data.message) ?? [];
  return seen && expected?.startsWith('http') ? finding('TOKEN_ISSUER_WRONG', { seen, expected }) : null;
}
