import {
  type ClerkEmulator,
  type ConvexEmulator,
  createClerkEmulator,
  createConvexEmulator,
} from 'clerk-convex-emulators';

/** An emulated Clerk, and an emulated Convex that trusts its tokens. */
export interface EmulatorPair {
  readonly clerk: ClerkEmulator;
  readonly convex: ConvexEmulator;
  /** Ends all faults and puts the settings back. */
  mend(): void;
  close(): Promise<void>;
}

export const user = { emailAddress: 'ada@example.com', password: 'correct-horse-battery' };
const colleague = { emailAddress: 'grace@example.com', password: 'correct-horse-battery' };

/** The `convex` JWT template, as Clerk's dashboard makes it, with the active organisation besides. */
export const convexTemplate = (audience = 'convex') => ({
  convex: {
    claims: {
      aud: audience,
      name: '{{user.full_name}}',
      email: '{{user.primary_email_address}}',
      picture: '{{user.image_url}}',
      org_slug: '{{org.slug}}',
      org_role: '{{org.role}}',
    },
  },
});

/** Starts a pair on free ports. */
export async function startPair(dir: string, tokenLifeSeconds: number): Promise<EmulatorPair> {
  const clerk = await createClerkEmulator({
    tokenLifeSeconds,
    jwtTemplates: convexTemplate(),
    organizations: [
      { slug: 'analytical-engines', name: 'Analytical Engines' },
      { slug: 'compilers', name: 'Compilers' },
    ],
    users: [
      {
        ...user,
        firstName: 'Ada',
        lastName: 'Lovelace',
        organizations: [{ slug: 'analytical-engines', role: 'org:admin' }, { slug: 'compilers' }],
      },
      { ...colleague, firstName: 'Grace', lastName: 'Hopper', organizations: [{ slug: 'compilers' }] },
    ],
  });
  const convex = await createConvexEmulator({
    dir,
    env: { CLERK_JWT_ISSUER_DOMAIN: clerk.issuer, CLERK_WEBHOOK_SIGNING_SECRET: clerk.webhooks.secret },
  });
  await postAs({ clerk, convex }, colleague.emailAddress, 'Welcome. What you post appears in every open page.');
  return {
    clerk,
    convex,
    mend() {
      clerk.faults.clear();
      convex.faults.clear();
      clerk.configure({ tokenLifeSeconds, jwtTemplates: convexTemplate() });
    },
    close: async () => void (await Promise.all([clerk.close(), convex.close()])),
  };
}

/** Posts a message over Convex's HTTP API, so that the board is not empty. */
async function postAs({ clerk, convex }: Pick<EmulatorPair, 'clerk' | 'convex'>, who: string, body: string) {
  const token = await clerk.mintToken(clerk.signInBrowser(who).sessionId, 'convex');
  const response = await fetch(`${convex.url}/api/mutation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ path: 'messages:send', args: { body }, format: 'json' }),
  });
  const answer = (await response.json()) as { status?: string; errorMessage?: string };
  if (answer.status !== 'success') throw new Error(`The first message was refused: ${answer.errorMessage}`);
}
