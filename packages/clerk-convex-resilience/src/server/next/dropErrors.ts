/** Calls what the app has given, and drops what it throws, or, where it is async, what it rejects with. */
export function dropErrors(call: () => unknown): void {
  try {
    Promise.resolve(call()).catch(() => {});
  } catch {}
}
