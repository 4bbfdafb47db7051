import type { CryptoKey } from 'jose';
import { generateKeyPair } from 'jose';

export interface KeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

const idle: KeyPair[] = [];

/**
 * An RS256 key pair that nobody else in this process has: one that was given back, else a new one. Making one takes a
 * fifth of a second of a processor (RSA, 2,048 bit), most of what an emulator costs a test that starts its own.
 */
export const takeKeyPair = async (): Promise<KeyPair> =>
  idle.pop() ?? (await generateKeyPair('RS256', { extractable: true }));

/** Gives it to whoever asks next. */
export function giveBack(pair: KeyPair): void {
  idle.push(pair);
}
