import { redactText } from 'clerk-convex-resilience/diagnosis';
import picocolors from 'picocolors';
import type { Io } from '../io.ts';
import { redactDeep } from './redactDeep.ts';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** The only way out: whatever is printed has been through `redactText`, and moves nobody's cursor. */
export interface Terminal {
  readonly colors: Colors;
  /** A line may be overwritten. */
  readonly isLive: boolean;
  line(text?: string): void;
  /** To stderr. */
  errorLine(text: string): void;
  /** A line that the next one replaces. Only where `isLive`. */
  fleeting(text: string): void;
  json(value: unknown): void;
  clear(): void;
}

export function createTerminal(io: Io, { color }: { readonly color: boolean }): Terminal {
  // no-color.org: set, and not empty.
  const { NO_COLOR, FORCE_COLOR } = io.env;
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const isColored = color && !NO_COLOR && FORCE_COLOR !== '0' && (io.isTTY || isForced);
  let isFleeting = false;
  const erase = (): string => {
    const code = isFleeting ? '\r\u001b[2K' : '';
    isFleeting = false;
    return code;
  };
  return {
    colors: picocolors.createColors(isColored),
    isLive: io.isTTY,
    line: (text = '') => void io.stdout.write(`${erase()}${clean(text)}\n`),
    errorLine(text) {
      // It is on the same screen as what was to be overwritten.
      const code = erase();
      if (code !== '') io.stdout.write(code);
      io.stderr.write(`${clean(text)}\n`);
    },
    fleeting(text) {
      const code = erase();
      io.stdout.write(`${code}${clean(text)}`);
      isFleeting = true;
    },
    json(value) {
      const text = JSON.stringify(redactDeep(value), null, 2);
      io.stdout.write(`${text.replace(unseen, (each) => (each === '\n' ? each : `\\u${hexOf(each)}`))}\n`);
    },
    clear() {
      isFleeting = false;
      io.stdout.write('\u001b[2J\u001b[3J\u001b[H');
    },
  };
}

/**
 * Piece by piece: before a secret that is coloured stands the letter that a colour's code ends with, and no word begins there.
 * Of what a terminal obeys, only colours are left: a file's name or a line of a log may hold the rest.
 */
const clean = (text: string): string =>
  redactText(
    text
      .split(colorCode)
      .map((part, index) => (index % 2 === 0 ? redactText(part.replace(unseen, shownAs)) : part))
      .join(''),
  );
/** Those of picocolors, but for the one that hides. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal's colours begin with.
const colorCode = /(\u001b\[(?:[0-79]|2[2-9]|[349]\d|10[0-7])m)/;
/** Control characters, and those that turn the direction of writing. */
const unseen = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;
const shownAs = (each: string): string => (each === '\n' || each === '\t' ? each : '\uFFFD');
const hexOf = (each: string): string => each.charCodeAt(0).toString(16).padStart(4, '0');
