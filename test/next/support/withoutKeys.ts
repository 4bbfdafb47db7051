import { expect } from 'vitest';
import { rawRequestsOf, sendAsRouter, sendRaw } from './rawRequests.ts';
import { actionIdsOf, treasure, vaults } from './vault.ts';

// What an app with vaults in it answers while a key is missing or malformed.

/** The raw requests that are answered with a page that the guard alone protects. */
export async function serveRaw(port: number): Promise<readonly string[]> {
  // What is looked for is seen where it may be, also by what the router of Next.js asks for.
  for (const page of [vaults.public, vaults.publicStatic])
    for (const headers of [{}, { rsc: '1' }])
      expect(await sendAsRouter(port, { path: `/${page}`, headers }), page).toContain(treasure);
  const served: string[] = [];
  for (const request of [vaults.dynamic, vaults.static].flatMap(rawRequestsOf)) {
    const answer = await sendAsRouter(port, request);
    expect(answer, JSON.stringify(request)).toMatch(/^HTTP\/1\.1 [2-5]\d\d /);
    if (answer.includes(treasure)) served.push(JSON.stringify(request));
  }
  return served;
}

/** What an action that there is answers, posted to a page that anybody may see. */
export async function actOnPublicPage(port: number, dir: string): Promise<readonly string[]> {
  const ids = await actionIdsOf(dir);
  expect(ids.length).toBeGreaterThan(0);
  const answers = ids.map((id) =>
    sendRaw(port, {
      method: 'POST',
      path: '/post',
      headers: { 'next-action': id, 'content-type': 'text/plain' },
      body: '[]',
    }),
  );
  return (await Promise.all(answers)).map((answer) => answer.split(' ')[1] ?? '');
}

/** What a browser's page load is answered with. */
export async function ask(url: string): Promise<string> {
  const statuses = await Promise.all(
    ['/', '/board', '/dashboard'].map(async (path) => {
      const { status } = await fetch(url + path, {
        headers: { accept: 'text/html', 'sec-fetch-dest': 'document' },
        redirect: 'manual',
      });
      return `${path} ${status}`;
    }),
  );
  return statuses.join(', ');
}
