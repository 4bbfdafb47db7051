import { playedVersions } from './testClerk.ts';
import { faults, type Row, routes, sessions, tricks } from './testRows.ts';

/** One row and what came of it: Clerk's middleware alone, and with the guard. */
export interface Played {
  readonly row: Row;
  readonly alone: string;
  readonly guarded: string;
}

/** The document: what was played, in as few lines as say all of it. */
export function writeTable(
  played: readonly Played[],
  headers: readonly (readonly [string, readonly string[]])[],
): string {
  return `# What the guard of Next.js lets through

${played.length} requests against the \`clerkMiddleware\` of \`@clerk/nextjs\`, alone and in \`withClerkGuard\`: ${playedVersions.join(', ')}. The test \`server/next/security.simulation.test.ts\` plays them, and fails where this page says otherwise; \`vitest run --project properties security -u\` writes it. With \`NEXT=next16-clerk6\` (or \`next15-clerk7\`, \`next15-clerk6\`: test/next/versions) it plays the same requests against those, and fails where one of the sentences below is not true there. @clerk/nextjs 6 alone throws at a session cookie that is no token (\`a.b.c\`, or one that was cut off); behind the guard it gets what nobody gets.

The app's handler answers \`/closed\` with 403, and protects what is not public (\`${routes
    .filter(({ open }) => open)
    .map(({ path }) => path)
    .join('`, `')}\` are), and \`publicRoutes\` is the same matcher. In no row

- a protected route is served to somebody without a valid session, under whatever name, method or header;
- the guard serves what Clerk or the handler refuses, but what both serve to nobody when all is well, and, where the keys are missing or malformed so that no handler can be run, what is declared public;
- a page behind the guard sees a user whom Clerk does not;
- the guard's answer is another than Clerk's while all is well, unless Clerk has thrown;
- somebody who is signed in is asked to sign in because Clerk does not answer.

\`page\`: the route is served, in a fault as to nobody. \`sign-in\`, \`handshake\`: redirects. \`500\`: the middleware throws. \`hangs\`: no answer in 10 s. A cell of two is \`clerkMiddleware\` alone → with the guard.

## Routes, sessions and faults

| route | session | ${Object.keys(faults).join(' | ')} |
| --- | --- | ${Object.keys(faults)
    .map(() => '---')
    .join(' | ')} |
${sessionLines(played).join('\n')}

## Tricks

What the guard makes of them in all faults but the handler's, where Clerk alone answers 500, hangs or asks to sign in. While all is well the answer is Clerk's, and stands here as it is to nobody.

| trick | \`/admin\` is asked for as | all is well: public, protected routes | in a fault: public routes | protected routes |
| --- | --- | --- | --- | --- |
${trickLines(played).join('\n')}

A path that names no page (\`/about;/admin\`, \`/fr/about\` without locales) is a \`page\` here as far as a middleware can tell: Next.js answers it with 404.

## Headers that the guard adds

| on | |
| --- | --- |
${headers.map(([name, names]) => `| ${name} | ${names.map((each) => `\`${each}\``).join(', ') || 'none'} |`).join('\n')}

None holds a path, a key, a token, Clerk's reason or what is wrong.
`;
}

/** One line for all routes and sessions that fare alike. */
function sessionLines(played: readonly Played[]): readonly string[] {
  const cellsOf = (path: string, session: string): string =>
    Object.keys(faults)
      .map((fault) => {
        const found = played.find(
          ({ row }) =>
            row.route.path === path && row.session === session && row.fault === fault && row.trick === 'none',
        );
        if (!found) return '';
        return found.alone === found.guarded ? found.alone : `${found.alone} → ${found.guarded}`;
      })
      .join(' | ');
  const wholeOf = (path: string): string =>
    Object.keys(sessions)
      .map((session) => cellsOf(path, session))
      .join('\n');
  return grouped(routes.map(({ path }) => [`\`${path}\``, wholeOf(path), path] as const)).flatMap(([names, path]) =>
    grouped(Object.keys(sessions).map((session) => [session, cellsOf(path, session), session] as const)).map(
      ([who, session]) => `| ${names} | ${who} | ${cellsOf(path, session)} |`,
    ),
  );
}

/** The names of those that are alike, and the key of one of them. */
function grouped(
  each: readonly (readonly [name: string, content: string, key: string])[],
): readonly (readonly [string, string])[] {
  const groups = new Map<string, { readonly names: string[]; readonly key: string }>();
  for (const [name, content, key] of each) {
    const group = groups.get(content) ?? { names: [], key };
    group.names.push(name);
    groups.set(content, group);
  }
  return [...groups.values()].map(({ names, key }) => [names.join(', '), key]);
}

function trickLines(played: readonly Played[]): readonly string[] {
  return Object.entries(tricks).map(([name, { path = (same: string) => same, method, headers = {} }]) => {
    const outcomes = (open: boolean, isWell: boolean): string => {
      const found = played.filter(
        ({ row }) =>
          row.trick === name &&
          row.route.open === open &&
          (isWell
            ? row.fault === 'none' && row.session === 'nobody'
            : row.fault !== 'none' && !faults[row.fault]?.handler && (name !== 'none' || row.session === 'nobody')),
      );
      return [...new Set(found.map(({ guarded }) => guarded))].sort().join(', ');
    };
    const shown = [method, path('/admin'), ...Object.keys(headers)].filter(Boolean).join(' ');
    return `| ${name} | \`${shown}\` | ${outcomes(true, true)}; ${outcomes(false, true)} | ${outcomes(true, false)} | ${outcomes(false, false)} |`;
  });
}
