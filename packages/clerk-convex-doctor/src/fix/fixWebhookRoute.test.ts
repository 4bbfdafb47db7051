import { describe, expect, it } from 'vitest';
import { withRoute } from './fixWebhookRoute.ts';

const route = {
  name: 'clerkWebhookAction',
  from: 'clerk-convex-resilience/convex',
  handler: 'clerkWebhookAction(internal.clerk)',
};

describe('withRoute', () => {
  it('makes a router where there is none', () => {
    expect(
      withRoute('', '/webhooks/clerk', route),
    ).toBe(`import { clerkWebhookAction } from 'clerk-convex-resilience/convex';
import { httpRouter } from 'convex/server';
import { internal } from './_generated/api';

const http = httpRouter();

http.route({ path: '/webhooks/clerk', method: 'POST', handler: clerkWebhookAction(internal.clerk) });

export default http;
`);
  });

  it('puts the route before the export of a router that is there', () => {
    const before = `import { httpRouter } from 'convex/server';
import { internal } from './_generated/api';

const router = httpRouter();
router.route({ path: '/other', method: 'GET', handler: other });

export default router;
`;
    expect(
      withRoute(before, '/webhooks/clerk', route),
    ).toBe(`import { clerkWebhookAction } from 'clerk-convex-resilience/convex';
import { httpRouter } from 'convex/server';
import { internal } from './_generated/api';

const router = httpRouter();
router.route({ path: '/other', method: 'GET', handler: other });

router.route({ path: '/webhooks/clerk', method: 'POST', handler: clerkWebhookAction(internal.clerk) });

export default router;
`);
  });

  it('leads to a handler of the app’s own', () => {
    const before = "import { httpRouter } from 'convex/server';\nconst http = httpRouter();\nexport default http;\n";
    const own = { name: 'onClerk', from: './webhooks', handler: 'onClerk' };
    const after = withRoute(before, '/clerk', own);
    expect(after).toContain("import { onClerk } from './webhooks';");
    expect(after).toContain(
      "http.route({ path: '/clerk', method: 'POST', handler: onClerk });\n\nexport default http;",
    );
  });

  it.each([
    ['a router that is made elsewhere', "import { http } from './router';\nexport default http;\n"],
    [
      'a router that is exported as it is made',
      "import { httpRouter } from 'convex/server';\nexport default httpRouter();\n",
    ],
    [
      'a path that is taken',
      "import { httpRouter } from 'convex/server';\nconst http = httpRouter();\nhttp.route({ path: '/webhooks/clerk' });\nexport default http;\n",
    ],
    ['a syntax error', 'const http = httpRouter('],
  ])('leaves alone %s', (_name, before) => {
    expect(withRoute(before, '/webhooks/clerk', route)).toBeNull();
  });
});
