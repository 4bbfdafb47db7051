import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, writeTree } from '../../../testing/writeTree.ts';
import { isSecret } from './isSecret.ts';
import { secretsInFiles } from './secretsInFiles.ts';

afterAll(removeTrees);

// In parts, so that this file holds no secret itself.
const random = 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3';
const secretKey = ['sk', 'test', random.slice(0, 42)].join('_');
const stripeKey = ['sk', 'test', `51${random}${random}`].join('_');
const shortStripeKey = ['sk', 'test', `51${random.slice(0, 40)}`].join('_');
const signing = ['whsec', random.slice(0, 32)].join('_');
const deployKey = (owner: string) => [owner, `eyJ2MiI6${random}`].join('|');

async function found(file: string, text: string) {
  const root = await writeTree({ [file]: text });
  return (await secretsInFiles([{ path: join(root, file), shown: file }])).map(({ kind, shown }) => `${kind} ${shown}`);
}

describe('secrets in files', () => {
  it.each<[string, string, string, readonly string[]]>([
    ["Clerk's", 'a.ts', secretKey, ['secret_key sk_test_… (50 characters)']],
    ["somebody's, shorter than Clerk's", 'a.ts', secretKey.slice(0, -3), []],
    ["somebody's, longer than Clerk's", 'a.ts', `${secretKey}X`, []],
    ["Paystack's, beside Clerk", 'a.ts', `const PAYSTACK = '${secretKey.slice(0, -2)}';\nuse(clerk);`, []],
    [
      "Clerk's in another length, by its name",
      'README.md',
      `PAYSTACK_PUBLIC=1\nCLERK_SECRET_KEY=${secretKey.slice(0, -3)}`,
      ['secret_key sk_test_… (47 characters)'],
    ],
    [
      "Clerk's in another length, by its file",
      'a.ts',
      `clerk(\n'${secretKey}X')`,
      ['secret_key sk_test_… (51 characters)'],
    ],
    ["a key's beginning", 'a.ts', `clerk('${secretKey.slice(0, 30)}')`, []],
    ["Stripe's", 'a.ts', stripeKey, []],
    ["Stripe's older ones, as long as Clerk's", 'a.ts', shortStripeKey, []],
    ['a signing secret', 'docs/setup.md', signing, ['webhook_secret whsec_… (38 characters)']],
    [
      'a signing secret of Clerk’s',
      'a.ts',
      `CLERK_WEBHOOK_SECRET=${signing}`,
      ['webhook_secret whsec_… (38 characters)'],
    ],
    ['a signing secret of Stripe’s, by its name', 'a.ts', `STRIPE_WEBHOOK_SECRET=${signing}`, []],
    ['a signing secret of Stripe’s, by its file', 'tests/stripe.test.ts', `const w = '${signing}';`, []],
    [
      'a signing secret of Stripe’s, by the key beside it',
      'tests/pay.ts',
      `const k = '${stripeKey}', w = '${signing}';`,
      [],
    ],
    [
      'of both, Clerk’s',
      'a.sh',
      `STRIPE_WEBHOOK_SECRET=${signing}\nCLERK_WEBHOOK_SECRET=${signing}`,
      ['webhook_secret whsec_… (38 characters)'],
    ],
    [
      'a deploy key',
      'deploy.sh',
      `KEY="${deployKey('prod:happy-animal-123')}"`,
      ['deploy_key prod:happy-animal-123|… (78 characters)'],
    ],
    [
      'a deploy key for previews',
      'a.yml',
      deployKey('preview:acme:chat'),
      ['deploy_key preview:acme:chat|… (74 characters)'],
    ],
    ['an admin key', 'a.yml', deployKey('convex-self-hosted'), ['deploy_key convex-self-hosted|… (75 characters)']],
    [
      'a placeholder of a deploy key',
      'a.yml',
      'CONVEX_DEPLOY_KEY=prod:happy-animal-123|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      [],
    ],
    ['a pipe in a shell', 'a.sh', 'npx convex logs --prod:a | grep abc', []],
  ])('%s', async (_, file, text, expected) => {
    expect(await found(file, text)).toEqual(expected);
  });

  it('are no part of what is shown of them', async () => {
    for (const secret of [secretKey, `CLERK ${signing}`, deployKey('prod:happy-animal-123')])
      expect((await found('a', secret)).join()).not.toContain(random.slice(0, 6));
  });

  it('make a value of an env file a secret', () => {
    for (const value of [secretKey, signing, deployKey('prod:happy-animal-123')]) expect(isSecret(value)).toBe(true);
    for (const value of [stripeKey, 'happy-animal-123', '', `${signing} `.repeat(2)])
      expect(isSecret(value)).toBe(false);
  });
});
