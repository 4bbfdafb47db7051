import { describe, expect, it } from 'vitest';
import type { ClerkAuth } from './clerkTypes.ts';
import { createConvexToken } from './convexToken.ts';

const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
const sessionToken = jwt({ sid: 'sess_1' });
const integrationToken = jwt({ sid: 'sess_1', aud: 'convex' });
const templateToken = jwt({ aud: 'convex', name: 'Ada' });
const noTemplate = Object.assign(new Error('No JWT template exists with name: convex'), { status: 404 });

/** Clerk as its dashboard is set up at the moment, and what `sessionClaims` still says of it. */
function setUp(dashboard: { template: boolean; integration: boolean }, claims: ClerkAuth['sessionClaims'] = null) {
  const asked: string[] = [];
  const auth = {
    sessionClaims: claims,
    async getToken({ template, skipCache }) {
      asked.push(`${template ?? 'session'}${skipCache ? ' fresh' : ''}`);
      if (!template) return dashboard.integration ? integrationToken : sessionToken;
      if (!dashboard.template) throw noTemplate;
      return templateToken;
    },
  } as Pick<ClerkAuth, 'sessionClaims' | 'getToken'> as ClerkAuth;
  const convexToken = createConvexToken();
  return { asked, dashboard, get: (fresh = false) => convexToken(auth, fresh) };
}

describe('createConvexToken', () => {
  it('takes the template’s token, with one request', async () => {
    const { get, asked } = setUp({ template: true, integration: false });
    expect([await get(), await get(true)]).toEqual([templateToken, templateToken]);
    expect(asked).toEqual(['convex', 'convex fresh']);
  });

  it.each<[string, ClerkAuth['sessionClaims']]>([
    ['convex', { aud: 'convex' }],
    ['convex among others', { aud: ['other', 'convex'] }],
  ])('takes the session token when it is for %s, with one request', async (_aud, claims) => {
    const { get, asked } = setUp({ template: false, integration: true }, claims);
    expect([await get(), await get(true)]).toEqual([integrationToken, integrationToken]);
    expect(asked).toEqual(['session', 'session fresh']);
  });

  it('takes the session token when there is no template and `sessionClaims` has not heard of the integration yet', async () => {
    const { get, asked } = setUp({ template: false, integration: true });
    expect([await get(), await get(true)]).toEqual([integrationToken, integrationToken]);
    expect(asked).toEqual(['convex', 'session', 'session fresh']);
  });

  it('takes the template’s token when `sessionClaims` has not heard that the integration was turned off', async () => {
    const { get, asked } = setUp({ template: true, integration: false }, { aud: 'convex' });
    expect([await get(), await get()]).toEqual([templateToken, templateToken]);
    expect(asked).toEqual(['session', 'convex', 'convex']);
  });

  it('follows the dashboard to and fro', async () => {
    const { get, dashboard } = setUp({ template: true, integration: false });
    expect(await get()).toBe(templateToken);
    Object.assign(dashboard, { template: false, integration: true });
    expect(await get()).toBe(integrationToken);
    Object.assign(dashboard, { template: true, integration: false });
    expect(await get()).toBe(templateToken);
  });

  it('takes a network fault for no missing template, before the session token has said what it is for', async () => {
    const fault = new TypeError('Failed to fetch');
    let isUp = false;
    const auth = {
      sessionClaims: null,
      async getToken({ template }) {
        if (template) throw noTemplate;
        if (isUp) return integrationToken;
        throw fault;
      },
    } as Pick<ClerkAuth, 'sessionClaims' | 'getToken'> as ClerkAuth;
    const convexToken = createConvexToken();
    await expect(convexToken(auth, true)).rejects.toBe(fault);
    isUp = true;
    await expect(convexToken(auth, true)).resolves.toBe(integrationToken);
  });

  it('throws what keeps a session token from coming that is known to be for Convex', async () => {
    const fault = new TypeError('Failed to fetch');
    const auth = {
      sessionClaims: { aud: 'convex' },
      getToken: () => Promise.reject(fault),
    } as Pick<ClerkAuth, 'sessionClaims' | 'getToken'> as ClerkAuth;
    await expect(createConvexToken()(auth, true)).rejects.toBe(fault);
  });

  it('says what Clerk said when there is neither, and notices when there is one', async () => {
    const { get, dashboard } = setUp({ template: false, integration: false });
    await expect(get(true)).rejects.toBe(noTemplate);
    Object.assign(dashboard, { integration: true });
    await expect(get(true)).resolves.toBe(integrationToken);
  });
});
