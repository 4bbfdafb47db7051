import { dropEnv, edit, type Mutation, setEnv, textOf } from '../Draft.ts';
import * as instance from '../projects/instance.ts';

const prefixed = ({ names }: Parameters<NonNullable<Mutation['fits']>>[0]) => names.publicPrefix !== '';

/** Without keys, every route of the app answers 500: its webhook's too, where it is the app's. */
const hides: Mutation['hides'] = ({ webhookRunsIn }) => (webhookRunsIn === 'app' ? ['WEBHOOK_ENDPOINT_FAILING'] : []);

/** Keys of Clerk: the publishable one, and the secret one. */
export const keyMutations: readonly Mutation[] = [
  {
    name: 'no publishable key',
    codes: ['PUBLISHABLE_KEY_MISSING'],
    hides,
    parts: ['publishable key'],
    make: (draft) => dropEnv(draft, draft.project.names.publishableKey),
  },
  {
    name: 'the publishable key was not pasted yet',
    codes: ['PUBLISHABLE_KEY_MISSING'],
    hides,
    parts: ['publishable key'],
    make: (draft) => setEnv(draft, draft.project.names.publishableKey, ''),
  },
  {
    name: 'a publishable key that was cut off',
    codes: ['PUBLISHABLE_KEY_MALFORMED'],
    hides,
    parts: ['publishable key'],
    make: (draft) => setEnv(draft, draft.project.names.publishableKey, instance.publishableKey.slice(0, 30)),
  },
  {
    name: 'the placeholder of the guide for a publishable key',
    codes: ['PUBLISHABLE_KEY_MALFORMED'],
    hides,
    parts: ['publishable key'],
    make: (draft) => setEnv(draft, draft.project.names.publishableKey, 'YOUR_PUBLISHABLE_KEY'),
  },
  {
    name: 'a publishable key without the prefix that lets it reach the browser',
    codes: ['PUBLISHABLE_KEY_NOT_EXPOSED'],
    parts: ['publishable key'],
    // @clerk/tanstack-react-start hands on what its server reads, by either name.
    fits: (project) => prefixed(project) && project.framework !== 'tanstack-start',
    make: (draft) => {
      dropEnv(draft, draft.project.names.publishableKey);
      setEnv(draft, 'CLERK_PUBLISHABLE_KEY', instance.publishableKey);
    },
  },
  {
    name: 'a publishable key with the prefix of another bundler',
    codes: ['PUBLISHABLE_KEY_NOT_EXPOSED'],
    parts: ['publishable key'],
    fits: prefixed,
    make: (draft) => {
      const { publishableKey, publicPrefix } = draft.project.names;
      dropEnv(draft, publishableKey);
      const other = publicPrefix === 'VITE_' ? 'NEXT_PUBLIC_' : 'VITE_';
      setEnv(draft, publishableKey.replace(publicPrefix, other), instance.publishableKey);
    },
  },
  {
    name: 'a test key in the env file of production',
    codes: ['TEST_KEY_IN_PRODUCTION'],
    // What is wrong in .env.local is not read then.
    parts: ['env file', 'publishable key', 'secret key', 'convex url', 'deployment name', 'webhook secret'],
    make: (draft) => {
      const { app, envFile } = draft.project;
      draft.envFile = `${app}.env.production`;
      draft.files.set(`${app}.env.production`, textOf(draft, envFile));
      draft.notAdded.add(`${app}.env.production`);
      // Ignored everywhere, so that it is the key alone that is wrong.
      draft.files.set(`${app}.gitignore`, `${draft.files.get(`${app}.gitignore`) ?? ''}\n.env.production\n`);
    },
  },
  {
    name: 'a publishable key of another instance that is written into the code',
    codes: ['ISSUER_OF_ANOTHER_INSTANCE'],
    parts: ['publishable key', 'provider', 'issuer', 'auth config', 'frontend api', 'identity provider'],
    fits: ({ name }) => name === 'vite' || name === 'expo',
    make: (draft) => {
      dropEnv(draft, draft.project.names.publishableKey);
      const key = instance.publishableKeyOf('calm-otter-77.clerk.accounts.dev');
      edit(draft, draft.project.clerkProviderFile, /publishableKey=\{[^}]*\}/, `publishableKey="${key}"`);
    },
  },
  {
    name: 'no secret key',
    codes: ['SECRET_KEY_MISSING'],
    hides,
    parts: ['secret key', 'backend api'],
    fits: ({ needsSecretKey }) => needsSecretKey,
    make: (draft) => dropEnv(draft, 'CLERK_SECRET_KEY'),
  },
  {
    name: 'the placeholder of an example for a secret key',
    codes: ['SECRET_KEY_MALFORMED'],
    hides,
    parts: ['secret key', 'backend api'],
    fits: ({ needsSecretKey }) => needsSecretKey,
    make: (draft) => setEnv(draft, 'CLERK_SECRET_KEY', 'sk_test_...'),
  },
  {
    name: 'the publishable key in the place of the secret key',
    codes: ['SECRET_KEY_MALFORMED'],
    hides,
    parts: ['secret key', 'backend api', 'publishable key'],
    fits: ({ needsSecretKey }) => needsSecretKey,
    make: (draft) => setEnv(draft, 'CLERK_SECRET_KEY', instance.publishableKey),
  },
  {
    name: 'the secret key of another instance',
    codes: ['SECRET_KEY_OF_ANOTHER_INSTANCE'],
    parts: ['secret key', 'backend api'],
    fits: ({ needsSecretKey }) => needsSecretKey,
    make: (draft) => {
      setEnv(draft, 'CLERK_SECRET_KEY', instance.secretKeyOf('brave-otter'));
      draft.network = { ...draft.network, backendApi: { ...draft.network.backendApi, sameInstance: false } };
    },
  },
  {
    name: 'a secret key of production beside a publishable key of development',
    codes: ['SECRET_KEY_OF_ANOTHER_INSTANCE'],
    parts: ['secret key', 'backend api', 'publishable key'],
    fits: ({ needsSecretKey }) => needsSecretKey,
    make: (draft) => setEnv(draft, 'CLERK_SECRET_KEY', instance.secretKeyOf('main-swine', 'live')),
  },
  {
    name: 'a secret key that was revoked',
    codes: ['SECRET_KEY_REFUSED'],
    parts: ['secret key', 'backend api'],
    fits: ({ needsSecretKey }) => needsSecretKey,
    make: (draft) => {
      draft.network = { ...draft.network, backendApi: { status: 401 } };
    },
  },
  {
    name: 'the secret key under a name that the bundler publishes',
    codes: ['SECRET_KEY_IN_PUBLIC_VARIABLE'],
    parts: ['secret key'],
    fits: prefixed,
    make: (draft) => setEnv(draft, `${draft.project.names.publicPrefix}CLERK_SECRET_KEY`, instance.secretKey),
  },
  {
    name: 'the secret key in the place of the publishable key',
    codes: ['SECRET_KEY_IN_PUBLIC_VARIABLE'],
    parts: ['publishable key', 'secret key'],
    fits: prefixed,
    make: (draft) => setEnv(draft, draft.project.names.publishableKey, instance.secretKey),
  },
  {
    name: 'a function that needs the secret key, which the deployment lacks',
    codes: ['CLERK_SECRET_KEY_MISSING_IN_CONVEX'],
    parts: ['functions'],
    make: (draft) =>
      void draft.files.set(
        `${draft.project.convex}members.ts`,
        `"use node";

import { createClerkClient } from "@clerk/backend";
import { action } from "./_generated/server";

export const count = action({
  args: {},
  handler: async () => {
    const clerk = createClerkClient({ secretKey: process.env.CLERK_SECRET_KEY });
    return await clerk.users.getCount();
  },
});
`,
      ),
  },
  {
    name: 'an env file with secrets that git would take',
    codes: ['ENV_FILE_NOT_IGNORED'],
    parts: ['git', 'secret key'],
    fits: ({ needsSecretKey }) => needsSecretKey,
    make: (draft) => {
      for (const [file, text] of draft.files) {
        if (!file.endsWith('.gitignore')) continue;
        draft.files.set(file, text.replace(/^(\.env.*|\*\.local)$/gm, ''));
      }
      for (const file of draft.files.keys()) if (file.includes('.env')) draft.notAdded.add(file);
    },
  },
  {
    name: 'a secret key pasted into a document',
    codes: ['SECRET_IN_TRACKED_FILE'],
    parts: ['git'],
    make: (draft) =>
      void draft.files.set('docs/setup.md', `# Setup\n\nSet \`CLERK_SECRET_KEY=${instance.secretKey}\`.\n`),
  },
  {
    name: 'a signing secret pasted into a script',
    codes: ['SECRET_IN_TRACKED_FILE'],
    parts: ['git'],
    make: (draft) =>
      void draft.files.set(
        'scripts/setup.sh',
        `#!/bin/sh\nnpx convex env set CLERK_WEBHOOK_SECRET ${instance.webhookSecret}\n`,
      ),
  },
  {
    name: 'the key of a Convex deployment in a script that git tracks',
    codes: ['SECRET_IN_TRACKED_FILE'],
    parts: ['git'],
    make: (draft) =>
      void draft.files.set('scripts/deploy.sh', `CONVEX_DEPLOY_KEY="${instance.deployKey}" npx convex deploy\n`),
  },
  {
    name: 'a secret key written into a function',
    codes: ['SECRET_IN_TRACKED_FILE'],
    parts: ['git', 'functions'],
    make: (draft) =>
      edit(
        draft,
        `${draft.project.convex}messages.ts`,
        'export const',
        `const clerkKey = "${instance.secretKey}";\n\nexport const`,
      ),
  },
];
