import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import { readLog } from '../../packages/clerk-convex-doctor/src/log/readLog.ts';
import { noAccident } from '../../scripts/noAccident.mjs';
import { createDiagnosis } from '../doctor/createDiagnosis.ts';
import { draftOf } from '../doctor/Draft.ts';
import { webhookMutations } from '../doctor/mutations/webhooks.ts';
import { viteResilient } from '../doctor/projects/vite.ts';
import { createWorkshop } from '../doctor/writeProject.ts';
import { createPool } from '../faults/createPool.ts';
import { createCertificate } from '../support/createCertificate.ts';
import { type PageServer, servePage } from '../support/page/servePage.ts';
import { openLab } from './lab/openLab.ts';
import { playRow } from './playRow.ts';
import { type NetworkRow, rows } from './rows.ts';

// A network that is really broken, under the real clerk-js 5 and 6 and the real Convex client in Chromium. Runs in network
// namespaces: `pnpm test:network` makes the outermost one.

let folder: string;
const certificate = createCertificate();
let page: PageServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'network-'));
  page = await servePage();
});
afterAll(async () => {
  page?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Our users have a fresh token by then: it asks again within three seconds, and the machine may be busy with all rows. */
const recoversWithinMs = 20_000;

/** What the doctor says of an app whose webhook has no signing secret, with what the browser's console said. */
async function toldOf(said: readonly string[]): Promise<readonly string[]> {
  const workshop = createWorkshop();
  try {
    const draft = draftOf(viteResilient);
    webhookMutations.find(({ name }) => name === 'no signing secret')?.make(draft);
    draft.log.push(...said);
    return (await createDiagnosis(workshop)(draft)).map(({ code }) => code).sort();
  } finally {
    workshop.close();
  }
}

/** Starting four users takes two cores; watching them takes next to nothing. */
const setUp = createPool(2);

describe('the user stays signed in, and the app recovers by itself, while', () => {
  // Not `each`: it cuts names short.
  const play =
    (row: NetworkRow, index: number) =>
    async ({ expect }: TestContext) => {
      const { http2 = true } = row;
      const { played, hits } = await playRow(row, setUp, async () => {
        const lab = await openLab({ index, folder, certificate, http2 });
        lab.serve('app.lab.test', page.url);
        return lab;
      });
      const lines = played.map(({ side, major, codes, verdict }) => {
        const { outcome, recoveredAfterMs, ...counts } = verdict;
        const numbers = Object.entries({ recoveredAfterMs, ...counts }).filter(([, value]) => value !== 0);
        return `  ${side} ${major}: ${outcome} ${JSON.stringify(Object.fromEntries(numbers))} ${JSON.stringify(Object.fromEntries(codes))}`;
      });
      console.log(`${row.id} (hits ${hits})\n${lines.join('\n')}`);
      if (hits !== undefined) expect(hits, 'The fault hit nothing.').toBeGreaterThan(0);
      for (const { side, major, codes, protocols, verdict, story } of played) {
        const name = `${side} clerk-js ${major}\n${story}\n`;
        expect([...protocols], `What Clerk answered ${name}`).toEqual([http2 ? 'h2' : 'http/1.1']);
        if (row.code !== undefined) expect([...codes.keys()], `What DevTools saw of ${name}`).toContain(row.code);
        if (side === 'resilient') {
          const { anonymousRuns, unmounts, unhandledRejections } = verdict;
          expect([anonymousRuns, unmounts, unhandledRejections], `${noAccident}: ${name}`).toEqual([0, 0, 0]);
          expect(verdict.outcome, name).toBe('recovers');
          expect(verdict.recoveredAfterMs, name).toBeLessThanOrEqual(recoversWithinMs);
        } else if (row.plain?.[major] !== undefined) expect(verdict.outcome, name).toBe(row.plain[major]);
      }
      if (row.afterwards) {
        const { console: said = [] } = played.find(({ side, major }) => side === 'resilient' && major === 6) ?? {};
        const codes = [row.code ?? '', ...row.afterwards.map(({ code }) => code), '500'];
        const read = Object.keys(readLog(said.join('\n')).tokenFailures);
        console.log(`  ${row.id}, and on: ${read.join(', ')}`);
        for (const code of codes) expect(read.join(), 'What the doctor reads').toContain(code.replace('net::', ''));
        expect(await toldOf(said)).toEqual(['TOKEN_REQUESTS_FAILED', 'WEBHOOK_SECRET_MISSING']);
      }
    };
  for (const [index, row] of rows.entries()) it.concurrent(`${row.says} (${row.code ?? row.id})`, play(row, index));
});
