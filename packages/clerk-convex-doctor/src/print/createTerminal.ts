import { redactText } from 'clerk-convex-resilience/diagnosis';
import picocolors from 'picocolors';
import type { Io } from '../io.ts';
import { redactDeep } from './redactDeep.ts';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** The only way out: whatever is printed has been through `redactText`. */
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
    line: (text = '') => void io.stdout.write(`${erase()}${redactLine(text)}\n`),
    errorLine(text) {
      // It is on the same screen as what was to be overwritten.
      const code = erase();
      if (code !== '') io.stdout.write(code);
      io.stderr.write(`${redactLine(text)}\n`);
    },
    fleeting(text) {
      const code = erase();
      io.stdout.write(`${code}${redactLine(text)}`);
      isFleeting = true;
    },
    json: (value) => void io.stdout.write(`${JSON.stringify(redactDeep(value), null, 2)}\n`),
    clear() {
      isFleeting = false;
      io.stdout.write('\u001b[2J\u001b[3J\u001b[H');
    },
  };
}

/** Piece by piece: before a secret that is coloured stands the letter that a colour's code ends with, and no word begins there. */
const redactLine = (text: string): string =>
  redactText(
    text
      .split(colorCode)
      .map((part, index) => (index % 2 === 0 ? redactText(part) : part))
      .join(''),
  );
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal's colours begin with.
const colorCode = /(\u001b\[[\d;]*m)/;
