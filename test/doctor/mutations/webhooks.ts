import type { HostAnswer } from 'clerk-convex-resilience/diagnosis';
import { dropEnv, edit, type Mutation, setEnv } from '../Draft.ts';
import * as instance from '../projects/instance.ts';

type Draft = Parameters<Mutation['make']>[0];

const setSecret = (draft: Draft, value: string | undefined): void => {
  const { names, webhookRunsIn } = draft.project;
  if (webhookRunsIn === 'convex') {
    if (value === undefined) delete draft.deploymentEnv[names.webhookSecret];
    else draft.deploymentEnv[names.webhookSecret] = value;
  } else if (value === undefined) dropEnv(draft, names.webhookSecret);
  else setEnv(draft, names.webhookSecret, value);
};

const answers = (answer: Partial<HostAnswer>): Mutation['make'] => {
  return (draft) => {
    const { host = '', url = '' } = draft.network.webhook ?? {};
    draft.network = { ...draft.network, webhook: { host, url, ...answer } };
  };
};
const html = 'text/html; charset=utf-8';

/** Clerk's webhooks: the secret, the route, and what answers there. */
export const webhookMutations: readonly Mutation[] = [
  {
    name: 'no signing secret',
    codes: ['WEBHOOK_SECRET_MISSING'],
    parts: ['webhook secret', 'webhook handler', 'webhook answer', 'log'],
    make: (draft) => setSecret(draft, undefined),
  },
  {
    name: 'a signing secret that was cut off',
    codes: ['WEBHOOK_SECRET_MALFORMED'],
    parts: ['webhook secret', 'webhook handler', 'webhook answer', 'log'],
    make: (draft) => setSecret(draft, instance.webhookSecret.slice(0, 15)),
  },
  {
    name: 'the secret key in the place of the signing secret',
    codes: ['WEBHOOK_SECRET_MALFORMED'],
    parts: ['webhook secret', 'webhook handler', 'webhook answer', 'log'],
    make: (draft) => setSecret(draft, instance.secretKey),
  },
  {
    name: 'a handler that no route leads to',
    codes: ['WEBHOOK_ROUTE_MISSING'],
    parts: ['webhook handler', 'webhook secret', 'webhook answer'],
    fits: ({ webhookRunsIn }) => webhookRunsIn === 'convex',
    make: (draft) => {
      const { webhookFile, convex } = draft.project;
      const text = draft.files.get(webhookFile) ?? '';
      if (text.includes('clerkWebhookAction')) {
        // The functions are there (convex/clerk.ts), and nothing calls them.
        draft.files.delete(webhookFile);
        return;
      }
      // As when the handler is written, and http.ts is forgotten.
      draft.files.set(
        `${convex}clerkWebhook.ts`,
        text
          .replace('import { httpRouter } from "convex/server";\n', '')
          .replace(
            'const http = httpRouter();\n\nhttp.route({\n  path: "/clerk-users-webhook",\n  method: "POST",\n  handler: ',
            'export const clerkWebhook = ',
          )
          .replace('  }),\n});\n\nasync', '  });\n\nasync')
          .replace('\nexport default http;\n', ''),
      );
      draft.files.delete(webhookFile);
    },
  },
  {
    name: 'the endpoint answers 404',
    codes: ['WEBHOOK_ROUTE_MISSING'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret'],
    make: answers({ status: 404, contentType: 'text/plain', isGenuine: false }),
  },
  {
    name: 'the endpoint refuses a POST',
    codes: ['WEBHOOK_METHOD_REFUSED'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret'],
    make: answers({ status: 405, contentType: 'text/plain', isGenuine: false }),
  },
  {
    name: 'the endpoint asks Clerk to sign in',
    codes: ['WEBHOOK_ROUTE_PROTECTED'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret', 'middleware'],
    make: answers({ status: 401, contentType: html, isGenuine: false }),
  },
  {
    name: 'the endpoint sends Clerk to the sign-in page',
    codes: ['WEBHOOK_ROUTE_PROTECTED'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret', 'middleware'],
    make: answers({ status: 307, contentType: html, location: '/sign-in?redirect_url=webhook', isGenuine: false }),
  },
  {
    name: 'middleware protects every route but the sign-in page',
    codes: ['WEBHOOK_ROUTE_PROTECTED'],
    parts: ['middleware', 'webhook answer', 'webhook handler'],
    fits: ({ webhookRunsIn, middlewareFile }) => webhookRunsIn === 'app' && middlewareFile !== undefined,
    make: (draft) => {
      const file = draft.project.middlewareFile ?? '';
      edit(draft, file, 'import { clerkMiddleware }', 'import { clerkMiddleware, createRouteMatcher }');
      edit(
        draft,
        file,
        'export default clerkMiddleware()',
        `const isPublicRoute = createRouteMatcher(['/sign-in(.*)', '/sign-up(.*)'])

export default clerkMiddleware(async (auth, request) => {
  if (!isPublicRoute(request)) {
    await auth.protect()
  }
})`,
      );
    },
  },
  {
    name: 'middleware sends whoever is signed out to the sign-in page',
    codes: ['WEBHOOK_ROUTE_PROTECTED'],
    parts: ['middleware', 'webhook answer', 'webhook handler'],
    fits: ({ webhookRunsIn, framework }) => webhookRunsIn === 'app' && framework === 'next',
    make: (draft) => {
      const file = draft.project.middlewareFile ?? '';
      const other = file.replace(/[^/]+$/, 'lib/guard.ts');
      draft.files.set(
        other,
        `import { clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server'

const isPublicRoute = createRouteMatcher(['/sign-in(.*)', '/sign-up(.*)'])

export const guard = clerkMiddleware(async (auth, request) => {
  if (isPublicRoute(request)) return
  const { userId, redirectToSignIn } = await auth()
  if (!userId) return redirectToSignIn({ returnBackUrl: request.url })
})
`,
      );
      draft.files.set(file, "import { guard } from './lib/guard'\n\nexport default guard\n");
    },
  },
  {
    name: 'the route takes GET alone',
    codes: ['WEBHOOK_METHOD_REFUSED'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret'],
    fits: ({ webhookRunsIn, framework }) => webhookRunsIn === 'convex' || framework === 'next',
    make: (draft) => edit(draft, draft.project.webhookFile, /\bPOST\b/, 'GET'),
  },
  {
    name: 'the endpoint fails by itself',
    codes: ['WEBHOOK_ENDPOINT_FAILING'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret'],
    make: answers({ status: 500, contentType: 'text/plain', isGenuine: false }),
  },
  {
    name: 'the endpoint leads to the same address with www',
    codes: ['WEBHOOK_ENDPOINT_FAILING'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret'],
    make: answers({ status: 308, location: 'https://www.example.com/webhooks/clerk', isGenuine: false }),
  },
  {
    name: 'the endpoint takes what nobody has signed',
    codes: ['WEBHOOK_ENDPOINT_FAILING'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret'],
    make: answers({ status: 200, contentType: 'text/plain', isGenuine: false }),
  },
  {
    name: 'the endpoint cannot be reached',
    codes: ['WEBHOOK_UNREACHABLE'],
    parts: ['webhook answer', 'webhook handler', 'webhook secret'],
    make: answers({ fault: 'refused', reason: 'ECONNREFUSED' }),
  },
];
