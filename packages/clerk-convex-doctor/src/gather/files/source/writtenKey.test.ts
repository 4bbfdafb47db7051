import { afterAll, describe, expect, it } from 'vitest';
import { removeTrees, writeTree } from '../../../testing/writeTree.ts';
import { gatherProjects } from '../gatherProjects.ts';

afterAll(removeTrees);

const writtenKey = async (main: string, other = '') => {
  const root = await writeTree({
    'package.json': { devDependencies: { vite: '7' } },
    'src/main.tsx': `import { ClerkProvider } from '@clerk/react';\n${main}`,
    'src/other.tsx': `import { ClerkProvider } from '@clerk/react';\n${other}`,
  });
  const [project] = await gatherProjects({ root, processEnv: {} });
  return project?.source.writtenKey;
};

const literal = '<ClerkProvider publishableKey="pk_test_a" />';
describe('a publishable key that is written out', () => {
  it.each<[string, string, string?]>([
    ['as text', `export const a = ${literal};`],
    ['in braces', "export const a = <ClerkProvider publishableKey={'pk_test_a'} />;"],
    ['as a constant', "const key = 'pk_test_a' as string; export const a = <ClerkProvider publishableKey={key} />;"],
    ['twice', `export const a = ${literal};`, `export const b = ${literal};`],
  ])('is found %s', async (_, main, other) => {
    expect(await writtenKey(main, other)).toMatchObject({
      name: 'publishableKey',
      value: 'pk_test_a',
      at: 'src/main.tsx:2',
    });
  });

  it.each<[string, string, string?]>([
    ['is read from the environment', 'export const a = <ClerkProvider publishableKey={import.meta.env.VITE_KEY} />;'],
    ['is one of two', `export const a = ${literal};`, "export const b = <ClerkProvider publishableKey='pk_test_b' />;"],
    ['is not given everywhere', `export const a = ${literal};`, 'export const b = <ClerkProvider />;'],
    ['depends on something', "export const a = <ClerkProvider publishableKey={isLive ? 'pk_live_a' : 'pk_test_a'} />;"],
    ['is given by others', `export const a = <ClerkProvider {...options} publishableKey="pk_test_a" {...more} />;`],
    ["is another provider's", 'export const a = <StripeProvider publishableKey="pk_test_a" />;'],
  ])('is none where it %s', async (_, main, other) => {
    expect(await writtenKey(main, other)).toBeUndefined();
  });
});
