import { whatIsMissing } from './keys.ts';

/** Ends the run before its first test, with a message and without a stack, when there is nothing to run it against. */
export default function requireKeys(): void {
  const missing = whatIsMissing();
  if (missing === undefined) return;
  process.stderr.write(`\n${missing}\n`);
  process.exit(1);
}
