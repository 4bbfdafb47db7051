/** Throws unless the page looks like a person's: one that forgot `pageStart` would test clerk-js's offline mode. */
export async function requireLook(evaluate: <T>(expression: string) => Promise<T>): Promise<void> {
  if (await evaluate<boolean>('navigator.webdriver === true'))
    throw new Error('The page must begin with the script of pageStart.ts: clerk-js takes its browser for offline.');
}
