import { expect } from 'vitest';
import { rawRequestsOf, sendAsRouter, sendRaw } from './rawRequests.ts';
import { actionIdsOf, treasure, vaults } from './vault.ts';

// What an app with vaults in it answers to requests that no browser writes.

/** The raw requests that are answered with a page that the middleware alone protects, sent with these cookies. */
export async function serveRaw(port: number, cookie = ''): Promise<readonly string[]> {
  const session = cookie === '' ? undefined : { cookie };
  // What is looked for is seen where it may be, also by what the router of Next.js asks for.
  for (const page of [vaults.public, vaults.publicStatic])
    for (const headers of [{}, { rsc: '1' }])
      expect(await sendAsRouter(port, { path: `/${page}`, headers: { ...session, ...headers } }), page).toContain(
        treasure,
      );
  const served: string[] = [];
  for (const request of [vaults.dynamic, vaults.static].flatMap(rawRequestsOf)) {
    const answer = await sendAsRouter(port, { ...request, headers: { ...session, ...request.headers } });
    expect(answer, JSON.stringify(request)).toMatch(/^HTTP\/1\.1 [2-5]\d\d /);
    if (answer.includes(treasure)) served.push(JSON.stringify(request));
  }
  return served;
}

/** What an action that there is answers, posted to a page that anybody may see. */
export async function actOnPublicPage(port: number, dir: string, cookie = ''): Promise<readonly string[]> {
  const ids = await actionIdsOf(dir);
  expect(ids.length).toBeGreaterThan(0);
  const answers = ids.map((id) =>
    sendRaw(port, {
      method: 'POST',
      path: '/post',
      headers: { 'next-action': id, 'content-type': 'text/plain', ...(cookie && { cookie }) },
      body: '[]',
    }),
  );
  return (await Promise.all(answers)).map((answer) => answer.split(' ')[1] ?? '');
}

/** A development instance sends a browser without it to a handshake, and says nothing of the page. */
export const visitorCookie = '__clerk_db_jwt=dvb_of_a_visitor';

/** What a browser's page load is answered with. */
export async function ask(url: string, cookie = ''): Promise<string> {
  const statuses = await Promise.all(
    ['/', '/board', '/dashboard'].map(async (path) => {
      const { status, headers } = await fetch(url + path, {
        headers: { accept: 'text/html', 'sec-fetch-dest': 'document', ...(cookie && { cookie }) },
        redirect: 'manual',
      });
      const to = headers.get('location');
      return `${path} ${status}${to === null ? '' : ` to ${new URL(to, url).pathname}`}`;
    }),
  );
  return statuses.join(', ');
}
