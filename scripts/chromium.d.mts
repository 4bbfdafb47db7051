/**
 * The path of a Chromium that starts; installs one where none does.
 * @throws Error when there is none and none can be installed; the message says what to do.
 */
export function findOrInstallChromium(options: {
  /** Gets a line for whatever takes long or went wrong. */
  say: (line: string) => void;
  /** @defaultValue `process.env` */
  env?: NodeJS.ProcessEnv;
}): Promise<string>;
