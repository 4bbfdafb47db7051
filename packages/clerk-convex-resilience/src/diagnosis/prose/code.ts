const longest = 300;

/** What is to be typed or compared, between backticks: on one line, of bounded length, with no backtick of its own. */
export function code(value: string): string {
  const line = value.replace(/`/g, "'").replace(/[\r\n\t]+/g, ' ');
  return `\`${line.length > longest ? `${line.slice(0, longest)}…` : line || '""'}\``;
}

/** An argument of a command, quoted where a POSIX shell would read more into it: it may come from a stranger's token or file. */
export function argument(value: string): string {
  const line = value.replace(/[`\r\n\t]+/g, '');
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", String.raw`'\''`)}'`;
}

/** `sub` of "sub is missing": what a token lacks that is a JWT all the same. */
export const missingIn = (reason: string): string | undefined => /^([\w ]{1,40}) is missing$/.exec(reason)?.[1];

/** What checks say of a value that nobody has seen. */
export const unseen = '…';

/** A value where there is one to be typed; a list, or one that is not known, is none. */
export const oneOr = (value: string, otherwise: string): string =>
  code(value === 'none' || !/^[\w.:-]+$/.test(value) ? otherwise : value);

/** A Frontend API URL as it looks, where the real one is not known. */
const sampleIssuer = 'https://your-app.clerk.accounts.dev';

/** Convex takes an issuer without `https://` too. */
const urlOr = (value: string | undefined, otherwise: string): string => {
  const [, protocol = 'https://', rest] = /^(https?:\/\/)?([\w-]+[.:][\w.:/-]+)$/.exec(value ?? '') ?? [];
  return rest === undefined ? otherwise : protocol + rest.replace(/\/+$/, '');
};

export const issuerUrl = (value: string | undefined): string => code(urlOr(value, sampleIssuer));
export const discoveryUrl = (domain: string | undefined): string =>
  code(`${urlOr(domain, sampleIssuer)}/.well-known/openid-configuration`);

/** Is it an environment variable, and not a prop (`publishableKey`) or a field of auth.config.ts (`domain`)? */
export const isVariable = (name: string): boolean => /^[A-Z][A-Z\d_]*$/.test(name);

/** The command that gives the Convex deployment its issuer. */
export const setIssuerCommand = (name: string, issuer: string | undefined): string =>
  code(`npx convex env set ${isVariable(name) ? name : 'CLERK_JWT_ISSUER_DOMAIN'} ${urlOr(issuer, sampleIssuer)}`);

/** A variable that the browser sees, by its name, or by its name in each framework where only the prop is known. */
export const publicVariable = (name: string, base: 'CLERK_PUBLISHABLE_KEY' | 'CONVEX_URL', value = ''): string =>
  (isVariable(name) ? [name] : [`VITE_${base}`, `NEXT_PUBLIC_${base}`, `EXPO_PUBLIC_${base}`])
    .map((variable) => code(variable + value))
    .join(' / ');
