import { dropEnv, edit, type Mutation, setEnv } from '../Draft.ts';
import * as instance from '../projects/instance.ts';

const host = `${instance.deployment}.convex.cloud`;

/** The deployment, its address, and its schema. */
export const convexMutations: readonly Mutation[] = [
  {
    name: 'no URL of the deployment',
    codes: ['CONVEX_URL_MISSING'],
    parts: ['convex url'],
    make: (draft) => dropEnv(draft, draft.project.names.convexUrl),
  },
  {
    name: 'the URL of the HTTP actions in place of the deployment',
    codes: ['CONVEX_URL_MALFORMED'],
    parts: ['convex url', 'deployment name'],
    make: (draft) => setEnv(draft, draft.project.names.convexUrl, instance.convexSite),
  },
  {
    name: 'the URL of the deployment without its scheme',
    codes: ['CONVEX_URL_MALFORMED'],
    parts: ['convex url', 'deployment name'],
    make: (draft) => setEnv(draft, draft.project.names.convexUrl, host),
  },
  {
    name: 'the URL of another deployment than the one that is pushed to',
    codes: ['CONVEX_URL_OF_ANOTHER_DEPLOYMENT'],
    parts: ['convex url', 'deployment name'],
    make: (draft) => setEnv(draft, draft.project.names.convexUrl, 'https://quick-fox-456.convex.cloud'),
  },
  {
    name: 'the deployment does not answer',
    codes: ['CONVEX_UNREACHABLE'],
    parts: ['convex answer', 'convex url'],
    make: (draft) => {
      draft.network = {
        ...draft.network,
        convex: { host, url: instance.convexUrl, fault: 'dns', reason: 'ENOTFOUND' },
      };
    },
  },
  {
    name: 'functions use a table of users that the schema lacks',
    codes: ['USERS_TABLE_MISSING'],
    parts: ['schema'],
    make: (draft) => {
      const schema = `${draft.project.convex}schema.ts`;
      if (draft.files.get(schema)?.includes('usersTable()')) edit(draft, schema, '  users: usersTable(),\n', '');
      else edit(draft, schema, / {2}users: defineTable\({[^}]*}\)[^\n]*,\n/, '');
      edit(draft, schema, /v\.id\((["'])users\1\)/, 'v.string()');
    },
  },
];
