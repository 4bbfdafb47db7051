import { SignJWT } from 'jose';

/** Writes down every token that an emulator in this process signs from now on. Returns the list and its undo. */
export function recordMintedTokens(): { readonly tokens: readonly string[]; stop(): void } {
  const tokens: string[] = [];
  const original = SignJWT.prototype.sign;
  SignJWT.prototype.sign = async function (...args) {
    const token = await original.apply(this, args);
    tokens.push(token);
    return token;
  };
  return {
    tokens,
    stop: () => {
      SignJWT.prototype.sign = original;
    },
  };
}
