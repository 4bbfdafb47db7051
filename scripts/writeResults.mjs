#!/usr/bin/env node
// Writes what the fault bench measured into the README's table:
//   pnpm bench:faults --quick --json | node scripts/writeResults.mjs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = join(root, 'README.md');
const matrix = join(root, 'docs', 'faults', 'report.json');

/** What happens, in the words of the table. A row that has none here is left out of it. */
const titles = {
  refresh_fails_once: 'One request for a token fails',
  connection_closed_10s: 'Clerk closes every connection for 10 s',
  http_500_20s: 'Clerk answers 500 for 20 s',
  hang: 'Clerk does not answer for 20 s',
  offline_8s: 'The browser is offline for 8 s',
  offline_30s_across_expiry: 'The browser is offline for 30 s, and the token expires',
  unauthorized_401_and_client_500: 'Clerk answers 401, then 500, for 10 s',
  auth_error_then_failing_fetch_10s: 'Convex takes the identity back while Clerk is closed for 10 s',
  identity_provider_unreachable_12s_with_mutation: "Convex cannot get Clerk's keys for 12 s",
  load_in_outage_10s: 'The page is loaded while Clerk is closed for 10 s',
  load_in_outage_10s_without_session_cookie: 'The same, without the `__session` cookie (Safari, after 7 days)',
  load_in_outage_hang_12s: 'The page is loaded while Clerk does not answer for 12 s',
  sign_out_healthy: 'The user signs out',
  sign_out_frontend_api_closed: 'The user signs out while Clerk is closed, then reloads',
  sign_out_frontend_api_hangs: 'The same while Clerk does not answer',
  sign_out_with_a_token_under_way: 'The user signs out while a token is under way',
  revocation: "The session is revoked in Clerk's dashboard",
};

/** One side of a row, as its user would tell it; `#` stands for the time. */
const stories = {
  recovers: ['stays signed in, fresh token after #', 'recoveredAfterMs'],
  anonymous_runs: ['**queries run without the user**'],
  not_refreshed: ['**no fresh token by itself**'],
  signed_out_for_a_while: ['**signed out for #**', 'signedOutMs'],
  signed_out: ['**signed out for good**'],
  stuck: ['**stuck**'],
  loading_for_ever: ['**loading for ever**'],
  ends: ['signed out after #', 'signedOutMs'],
  session_left_active: ['**signed out here, session left alive**'],
  late_token: ['**something still runs as the old user**'],
  signed_in_again: ['**signed in again**'],
};

const timeOf = (side) => side[stories[side.outcome][1]];

/** Times in one unit: milliseconds while all are short. */
const duration = (...ms) =>
  ms.every((each) => each < 100)
    ? `${ms.join(' / ')} ms`
    : `${ms.map((each) => (each / 1000).toFixed(1)).join(' / ')} s`;

/** Both majors in one cell; the times of 5 and 6 side by side where the story is the same. */
function cell(five, six) {
  for (const { outcome } of [five, six])
    if (!stories[outcome]) throw new Error(`A row has the outcome ${outcome}, which this script does not know.`);
  const [story] = stories[five.outcome];
  if (five.outcome === six.outcome) return story.replace('#', duration(timeOf(five), timeOf(six)));
  return [five, six]
    .map((side, index) => `${index + 5}: ${stories[side.outcome][0].replace('#', duration(timeOf(side)))}`)
    .join('<br>');
}

const rows = JSON.parse(await text(process.stdin));
const lines = Object.entries(titles).map(([scenario, title]) => {
  const [five, six] = [5, 6].map((clerk) => rows.find((row) => row.scenario === scenario && row.clerk === clerk));
  if (!five || !six) throw new Error(`The input has no row ${scenario} for both majors: run the bench with --quick.`);
  return `| ${title} | ${cell(five.plain, six.plain)} | ${cell(five.resilient, six.resilient)} |`;
});
const table = [
  '| what happens | `ConvexProviderWithClerk` | `ConvexClerkProvider` |',
  '| --- | --- | --- |',
  ...lines,
].join('\n');

/** What the long command found, where its report is there. */
function matrixLine() {
  if (!existsSync(matrix)) return '';
  const { report, rows } = JSON.parse(readFileSync(matrix, 'utf8'));
  const ours = rows.filter((row) => row.resilient);
  const failing = ours.filter(({ problems }) => problems.some((problem) => problem.startsWith('resilient')));
  return `\n\nThe whole [matrix](docs/faults.md), every fault in every moment: the plain provider fails its user in ${report.plainFails} of ${report.plainPlayed} rows, ours in ${failing.length} of ${ours.length}\n([timelines](docs/faults/report.html), [JSON](docs/faults/report.json)).`;
}

const before = readFileSync(readme, 'utf8');
const between = /(<!-- results[^>]*-->\n)[\s\S]*?(<!-- end of results -->)/;
if (!between.test(before))
  throw new Error('README.md has no <!-- results --> … <!-- end of results --> to write between.');
writeFileSync(
  readme,
  before.replace(between, (_all, start, end) => `${start}\n${table}${matrixLine()}\n\n${end}`),
);
console.log(`${lines.length} rows written to README.md.`);
