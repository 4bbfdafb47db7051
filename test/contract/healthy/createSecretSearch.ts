/** So short a piece of a token counts as a leak, and so long that it is in no other text by chance. */
const pieceLength = 12;

/** Finds pieces of tokens, and e-mail addresses, in texts. Answers with the secret's name and never with the secret. */
export function createSecretSearch(secrets: { tokens: readonly string[]; emails: readonly string[] }) {
  const pieces = new Map<string, string>();
  for (const [i, token] of secrets.tokens.entries()) {
    const [header, payload, signature] = token.split('.');
    if (!header || !payload || !signature) throw new Error(`Token ${i} does not have the three parts of a JWT.`);
    addPieces(payload, `the payload of token ${i}`);
    addPieces(signature, `the signature of token ${i}`);
    // Its beginning, with the algorithm, is the same in every token: it is the whole that tells.
    pieces.set(header, `the header of token ${i}`);
    const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti?: string };
    if (jti) pieces.set(jti, `the id of token ${i}`);
  }
  const wholes = [...pieces].filter(([piece]) => piece.length !== pieceLength);

  function addPieces(part: string, name: string): void {
    for (let at = 0; at + pieceLength <= part.length; at++) pieces.set(part.slice(at, at + pieceLength), name);
  }

  return (text: string): string[] => {
    const found = new Set<string>();
    for (const email of secrets.emails) {
      if (text.includes(email) || text.includes(encodeURIComponent(email))) found.add('the e-mail address');
    }
    for (const [whole, name] of wholes) if (text.includes(whole)) found.add(name);
    for (let at = 0; at + pieceLength <= text.length; at++) {
      const name = pieces.get(text.slice(at, at + pieceLength));
      if (name) found.add(name);
    }
    return [...found];
  };
}
