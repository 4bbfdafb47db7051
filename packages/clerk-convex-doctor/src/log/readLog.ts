import { findingCodes, type LogEvidence, redactText } from 'clerk-convex-resilience/diagnosis';

/**
 * What a log tells: the console of a browser (copied, or "Save as"), a server's, Convex's (`npx convex logs`), this library's own lines
 * from provider, guard, layout and webhook, as text or with each line in JSON. What it does not know, it passes over.
 */
export function readLog(text: string): LogEvidence {
  const seenByBrowser = new Map<string, number>();
  const toldByLibrary = new Map<string, number>();
  const withoutIdentity: string[] = [];
  const visitors: string[] = [];
  const refusals = new Set<string>();
  const codes = new Set<string>();
  let notFoundInBrowser = 0;
  let notFoundByLibrary = 0;
  const deliveries = { refused: 0, accepted: 0 };

  let wasOwn = false;
  for (const line of linesOf(text)) {
    // The provider tells of each setting that is wrong in a line, and says whose they are in the first.
    const isOwn: boolean = ownLine.test(line) || (wasOwn && moreOfOwn(line));
    wasOwn = isOwn;
    const named = isOwn ? codesIn(line) : [];
    for (const code of named) codes.add(code);
    // What has its code in the same line is not guessed at from its words.
    if (named.length === 0) for (const [pattern, code] of sayings) if (pattern.test(line)) codes.add(code);
    const delivery = deliveryIn(line);
    if (delivery !== undefined) deliveries[delivery] += 1;

    const failure = isOwn ? ownFailure(line) : tokenRequest.test(line) ? browserFailure(line) : undefined;
    if (failure === '404') {
      if (isOwn) notFoundByLibrary += 1;
      // Of another template nothing is known, and without one it is the session that is not there any more.
      else if (ofConvex.test(line)) notFoundInBrowser += 1;
    } else if (failure !== undefined) {
      count(isOwn ? toldByLibrary : seenByBrowser, failure);
    }

    if (ranAsNobody.test(line) && !attempt.test(line)) withoutIdentity.push(shorten(line));
    else if (mayBeAVisitor.some((pattern) => pattern.test(line))) visitors.push(shorten(line));
    const refusal = refusalIn(line);
    if (refusal) refusals.add(shorten(refusal));
  }

  // One failure is often told twice, by the browser and by this library: the larger count is the number of failures.
  const isTrouble = [withoutIdentity.length, notFoundInBrowser, notFoundByLibrary, refusals.size].some((n) => n > 0);
  const names = new Set([...seenByBrowser.keys(), ...toldByLibrary.keys()]);
  return {
    tokenFailures: Object.fromEntries(
      [...names].map((name) => [name, Math.max(seenByBrowser.get(name) ?? 0, toldByLibrary.get(name) ?? 0)]),
    ),
    templateNotFound: Math.max(notFoundInBrowser, notFoundByLibrary),
    withoutIdentity: [...withoutIdentity, ...(isTrouble ? visitors : [])],
    refusals: [...refusals],
    codes: [...codes],
    deliveries,
  };
}

const known: ReadonlySet<string> = new Set(findingCodes);
const ownLine = /\[clerk-convex-(?:resilience|doctor)\]/;

const codesIn = (line: string): readonly string[] =>
  [...line.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([word]) => word).filter((word) => known.has(word));

/** `CONVEX_URL_MALFORMED: convexUrl is …`, and in production the code alone. */
const moreOfOwn = (line: string): boolean => known.has(/^[A-Z_]+(?=:|$)/.exec(line)?.[0] ?? '');

/** A line longer than this is data, and patterns over it would be slow. In characters. */
const mostLength = 4_000;

function linesOf(text: string): readonly string[] {
  // Colours, and the quotes of a line that is a JSON string.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal's colours begin with.
  const plain = text.replaceAll(/\u001b\[[\d;]*m/g, '').replaceAll('\\"', '"');
  return plain
    .split(/\r?\n/)
    .map((line) => line.slice(0, mostLength).trim())
    .filter((line) => line !== '');
}

/** Clerk's Frontend API: `POST /v1/client/sessions/{id}/tokens`, and `/tokens/{template}`; Chromium names a resource by its last part. */
const tokenRequest =
  /\/client\/sessions\/[\w-]+\/tokens\b|(?:^|\s)tokens(?:\/[\w%-]+)?(?:\?\S*)?:\d+\s+Failed to load resource/;

/** The template that Convex's clients ask for. */
const ofConvex = /\/?tokens\/convex(?![\w%-])/;

/** Chromium's names (`net::ERR_TIMED_OUT`) and Node's (`ECONNRESET`), a status, or what a browser says in place of a name. */
function browserFailure(line: string): string | undefined {
  const name = /\b(ERR_[A-Z_]+|E(?:CONN[A-Z]+|NOTFOUND|AI_AGAIN|TIMEDOUT|PIPE|HOSTUNREACH|NETUNREACH))\b/.exec(
    line,
  )?.[1];
  if (name) return name;
  const status =
    /\bstatus(?: code)?(?: of)?["']?\s*[:=]?\s*(\d{3})\b/i.exec(line)?.[1] ??
    // `POST https://… 500 (Internal Server Error)`, `[HTTP/2 500 312ms]`
    /\s(\d{3})(?:\s*\(|$)/.exec(line)?.[1] ??
    /HTTP\/[\d.]+"?\s+(\d{3})\b/.exec(line)?.[1];
  if (status) return Number(status) >= 400 ? status : undefined;
  return /Failed to fetch|NetworkError when attempting|Load failed|CORS request did not succeed/.test(line)
    ? 'FAILED_TO_FETCH'
    : undefined;
}

/** What became of a webhook's delivery (server/webhooks/log.ts), as far as it tells of the secret. */
function deliveryIn(line: string): 'refused' | 'accepted' | undefined {
  const [, code] = webhookLine.exec(line) ?? [];
  if (code === undefined) return undefined;
  return code === 'bad_signature' ? 'refused' : 'accepted';
}

/** Codes of deliveries whose signature was looked at: all but the first had one that fitted. */
const webhookLine =
  /\[clerk-convex-resilience\] webhook (?:[\w.-]+ )?(bad_signature|bad_timestamp|bad_body|handled|duplicate|outdated|ignored|in_progress|handler_failed)\b/;

/** `token not obtained: network ERR_NETWORK_CHANGED`, `… server 500`, `… misconfigured 404 resource_not_found`. */
function ownFailure(line: string): string | undefined {
  // A server action that the guard has answered for: what passes by itself may be Convex's, and is no token's failure.
  const action = /action failed: misconfigured 404 resource_not_found\b/.test(line);
  if (action) return '404';
  const [, kind = '', status, code] = /token not obtained: (\w+)(?: (\d{3}))?(?: (\w+))?/.exec(line) ?? [];
  if (kind === '') return undefined;
  if (code && /^E[A-Z_]+$/.test(code)) return code;
  return status ?? kind.toUpperCase();
}

/** Who stores a user is signed in. */
const ranAsNobody = /\bhasIdentity["']?\s*[:=]\s*false\b/;
/** What a function throws for a visitor too: it says something only beside a token that was refused or not to be had. */
const mayBeAVisitor = [
  /\bError: (?:Not authenticated|Unauthenticated)(?=$|[.!"',;}\]]|\s+at\b)/i,
  /\bUnauthenticated call\b/i,
  /\bcalled (?:\w+ )?without authentication(?: present)?\b/i,
];
/** `storeUser` writes two lines for a call; this is the first, and the second says what came of it. */
const attempt = /\[clerk-convex-resilience\] storeUser attempting/;

/** How Convex's backend (crates/authentication) and its client (1.48) say that a token was refused. */
const refusalTexts = [
  /No auth provider found matching the given token[^"]*/,
  /Could not verify OIDC token claim[^"]*/,
  /Auth provider discovery of \S+ failed[^"]*/,
  /Could not (?:fetch JWKS|decode token|validate token)[^"]*/,
  /Invalid audience[^"]*/,
];
const refusalIn = (line: string): string | undefined =>
  refusalTexts.map((pattern) => pattern.exec(line)?.[0]).find(Boolean) ??
  /Failed to authenticate: "([^"]+)"/.exec(line)?.[1] ??
  /attempting to reauthenticate: (.+)$/.exec(line)?.[1];

/** Sentences of this library and of Clerk's packages that name one cause. */
const sayings: readonly (readonly [pattern: RegExp, code: (typeof findingCodes)[number]])[] = [
  // server/webhooks/log.ts, config/webhookSecret.ts
  [/webhook not_configured\b.*There is no signing secret/, 'WEBHOOK_SECRET_MISSING'],
  [/webhook not_configured\b.*signing secret is malformed/, 'WEBHOOK_SECRET_MALFORMED'],
  // Something has read the body before, or the app's own handler has thrown: Clerk gets a 500.
  [/\[clerk-convex-resilience\] webhook (?:[\w.-]+ )?(?:body_consumed|handler_failed)\b/, 'WEBHOOK_ENDPOINT_FAILING'],
  // config/publishableKey.ts
  [/\[clerk-convex-resilience\].*publishableKey is missing/, 'PUBLISHABLE_KEY_MISSING'],
  [/\[clerk-convex-resilience\].*publishableKey (?:does not|is a (?!secret key))/, 'PUBLISHABLE_KEY_MALFORMED'],
  [/\[clerk-convex-resilience\].*publishableKey is a secret key/, 'PUBLISHABLE_KEY_MALFORMED'],
  // config/convexUrl.ts
  [/\[clerk-convex-resilience\].*convexUrl is missing/, 'CONVEX_URL_MISSING'],
  [/\[clerk-convex-resilience\].*convexUrl is (?!missing)/, 'CONVEX_URL_MALFORMED'],
  // server/convex/storeUser.ts
  [/storeUser refused:.*The identity was issued by/, 'TOKEN_ISSUER_WRONG'],
  // core/milestones.ts
  [/token not obtained: misconfigured(?: \d+)? origin_invalid/, 'ORIGIN_NOT_ALLOWED'],
  // @clerk/shared 3 `errorThrower`, @clerk/backend 3 `assertValidSecretKey`, @clerk/backend 3 webhooks.ts
  [/Missing publishableKey\./, 'PUBLISHABLE_KEY_MISSING'],
  [/The publishableKey passed to Clerk is invalid/, 'PUBLISHABLE_KEY_MALFORMED'],
  [/Missing Clerk Secret Key|Missing secretKey\./, 'SECRET_KEY_MISSING'],
  [/Missing webhook signing secret/, 'WEBHOOK_SECRET_MISSING'],
  [/The provided Clerk Secret Key is invalid/, 'SECRET_KEY_REFUSED'],
  [/resulted in an infinite redirect loop.{0,80}instance keys do not match/, 'SECRET_KEY_OF_ANOTHER_INSTANCE'],
  [/auth\(\) was called but (?:it looks like you aren't using|Clerk can't detect usage of) /, 'MIDDLEWARE_MISSING'],
  [
    /Both "middleware" and "proxy" files are detected|Both middleware file .{0,200} and proxy file .{0,200} are detected/,
    'MIDDLEWARE_AND_PROXY',
  ],
  [/Clerk: Production Keys are only allowed for domain/, 'ORIGIN_NOT_ALLOWED'],
  [/\bfailed_to_load_clerk_js\b/, 'CLERK_JS_BLOCKED'],
  [
    /(?:Refused to load|Loading) the script '[^' ]{0,300}\/@clerk\/clerk-js[^' ]{0,200}' .{0,60}Content Security Policy/,
    'CLERK_JS_BLOCKED',
  ],
  // convex 1.48, react/client.ts and common/index.ts
  [/No address provided to ConvexReactClient|Client created with undefined deployment address/, 'CONVEX_URL_MISSING'],
  [
    /Provided address was not an absolute URL|ConvexReactClient requires a URL like|Invalid deployment address: /,
    'CONVEX_URL_MALFORMED',
  ],
  // Firefox 153, necko.properties; Chromium tells it in its Issues tab alone
  [
    /Cookie “__client\w*” has been rejected (?:because it is in a cross-site context|as third-party)/,
    'THIRD_PARTY_COOKIES_BLOCKED',
  ],
  [
    /access cookies? or storage on “https?:\/\/[\w.-]*\bclerk\.[^”]*” was blocked because we are blocking all/,
    'THIRD_PARTY_COOKIES_BLOCKED',
  ],
  // convex 1.48, cli
  [
    /CLERK_(?:JWT_ISSUER_DOMAIN|FRONTEND_API_URL) is used in auth config file but its value was not set/,
    'ISSUER_ENV_MISSING',
  ],
];

const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);

/** Redacted, on one line that can be read. */
const shorten = (line: string): string => {
  const redacted = redactText(line).trim();
  return redacted.length > 300 ? `${redacted.slice(0, 299)}…` : redacted;
};
