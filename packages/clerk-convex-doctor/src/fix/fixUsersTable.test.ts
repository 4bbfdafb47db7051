import { describe, expect, it } from 'vitest';
import { withUsersTable } from './fixUsersTable.ts';

describe('withUsersTable', () => {
  it('puts the table first and the import above the others, and leaves the rest to the byte', () => {
    const before = `// The schema.
import { defineSchema, defineTable } from 'convex/server';
import { v } from 'convex/values';

export default defineSchema({
  // Messages.
  messages: defineTable({ body: v.string() }),
});
`;
    expect(withUsersTable(before)).toBe(`// The schema.
import { usersTable } from 'clerk-convex-resilience/convex';
import { defineSchema, defineTable } from 'convex/server';
import { v } from 'convex/values';

export default defineSchema({
  users: usersTable(),
  // Messages.
  messages: defineTable({ body: v.string() }),
});
`);
  });

  it.each<[string, string, string]>([
    [
      'an empty schema',
      "import { defineSchema } from 'convex/server';\nexport default defineSchema({});\n",
      'defineSchema({\n  users: usersTable(),\n});',
    ],
    [
      'one on a line',
      'import { defineSchema } from "convex/server";\nexport default defineSchema({ a: b });\n',
      'defineSchema({ users: usersTable(), a: b });',
    ],
    [
      'the quotes of the file',
      'import { defineSchema } from "convex/server";\nexport default defineSchema({ a: b });\n',
      'import { usersTable } from "clerk-convex-resilience/convex";',
    ],
    [
      'an import that is there',
      "import { clerkWebhookTables } from 'clerk-convex-resilience/convex';\nimport { defineSchema } from 'convex/server';\nexport default defineSchema({\n  ...clerkWebhookTables,\n});\n",
      'import { clerkWebhookTables, usersTable } from',
    ],
    [
      'a name that is imported',
      "import { usersTable } from 'clerk-convex-resilience/convex';\nimport { defineSchema } from 'convex/server';\nexport default defineSchema({});\n",
      'users: usersTable(),',
    ],
    [
      'a schema with options',
      "import { defineSchema } from 'convex/server';\nexport default defineSchema({\n\ta: b,\n}, { schemaValidation: false });\n",
      '\n\tusers: usersTable(),\n\ta: b,\n}, { schemaValidation: false });',
    ],
    [
      'a constant',
      "import { defineSchema } from 'convex/server';\nconst schema = defineSchema({\n  a: b,\n});\nexport default schema;\n",
      'defineSchema({\n  users: usersTable(),\n  a: b,',
    ],
    [
      'lines that end as on Windows',
      "import { defineSchema } from 'convex/server';\r\nexport default defineSchema({\r\n  a: b,\r\n});\r\n",
      "convex';\r\nimport { defineSchema } from 'convex/server';\r\nexport default defineSchema({\r\n  users: usersTable(),\r\n  a: b,",
    ],
  ])('knows %s', (_name, before, expected) => {
    expect(withUsersTable(before)).toContain(expected);
  });

  it.each([
    [
      'tables from elsewhere',
      "import { defineSchema } from 'convex/server';\nimport { tables } from './tables';\nexport default defineSchema(tables);",
    ],
    [
      'a computed spread',
      "import { defineSchema } from 'convex/server';\nexport default defineSchema({ ...tables() });",
    ],
    [
      'a table that is there',
      "import { defineSchema } from 'convex/server';\nexport default defineSchema({ users: mine });",
    ],
    [
      'the name in another use',
      "import { defineSchema } from 'convex/server';\nconst usersTable = 1;\nexport default defineSchema({});",
    ],
    ['no default export', "import { defineSchema } from 'convex/server';\nexport const schema = defineSchema({});"],
    ['no imports', 'export default defineSchema({});'],
    ['a syntax error', "import { defineSchema } from 'convex/server';\nexport default defineSchema({"],
  ])('leaves alone %s', (_name, before) => {
    expect(withUsersTable(before)).toBeNull();
  });
});
