import type { FileMap } from './CleanProject.ts';
import { json } from './installed.ts';
import { deployment } from './instance.ts';

/** Names of the variable that auth.config.ts reads: Convex's guide has the first, Clerk's the second. */
export type IssuerName = 'CLERK_JWT_ISSUER_DOMAIN' | 'CLERK_FRONTEND_API_URL';

/** As Convex's guide to Clerk has it (docs.convex.dev/auth/clerk). */
export const authConfig = (name: IssuerName): string => `export default {
  providers: [
    {
      // Replace with your own Clerk Issuer URL from your "convex" JWT template
      // or with \`process.env.${name}\`
      // and configure ${name} on the Convex Dashboard
      // See https://docs.convex.dev/auth/clerk#configuring-dev-and-prod-instances
      domain: process.env.${name},
      applicationID: "convex",
    },
  ]
};
`;

/** With types, as newer templates have it. */
export const typedAuthConfig = (name: IssuerName): string => `import type { AuthConfig } from 'convex/server';

export default {
  providers: [
    {
      domain: process.env.${name}!,
      applicationID: 'convex',
    },
  ],
} satisfies AuthConfig;
`;

/** Either name will do: what this library reads. */
export const eitherAuthConfig = `import { type AuthConfig } from 'convex/server';

const domain = process.env.CLERK_JWT_ISSUER_DOMAIN ?? process.env.CLERK_FRONTEND_API_URL;

const config: AuthConfig = {
  providers: [{ domain: domain as string, applicationID: 'convex' }],
};

export default config;
`;

/** The users' table as Convex's guide to storing users has it (docs.convex.dev/auth/database-auth). */
const schema = `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  users: defineTable({
    name: v.string(),
    // this the Clerk ID, stored in the subject JWT field
    externalId: v.string(),
  }).index("byExternalId", ["externalId"]),
  messages: defineTable({
    author: v.id("users"),
    body: v.string(),
  }),
});
`;

const users = `import { internalMutation, query, QueryCtx } from "./_generated/server";
import { UserJSON } from "@clerk/backend";
import { v, Validator } from "convex/values";

export const current = query({
  args: {},
  handler: async (ctx) => {
    return await getCurrentUser(ctx);
  },
});

export const upsertFromClerk = internalMutation({
  args: { data: v.any() as Validator<UserJSON> }, // no runtime validation, trust Clerk
  async handler(ctx, { data }) {
    const userAttributes = {
      name: \`\${data.first_name} \${data.last_name}\`,
      externalId: data.id,
    };

    const user = await userByExternalId(ctx, data.id);
    if (user === null) {
      await ctx.db.insert("users", userAttributes);
    } else {
      await ctx.db.patch(user._id, userAttributes);
    }
  },
});

export async function getCurrentUser(ctx: QueryCtx) {
  const identity = await ctx.auth.getUserIdentity();
  if (identity === null) {
    return null;
  }
  return await userByExternalId(ctx, identity.subject);
}

async function userByExternalId(ctx: QueryCtx, externalId: string) {
  return await ctx.db
    .query("users")
    .withIndex("byExternalId", (q) => q.eq("externalId", externalId))
    .unique();
}
`;

const messages = `import { query } from "./_generated/server";

export const getForCurrentUser = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    if (identity === null) {
      throw new Error("Not authenticated");
    }
    return await ctx.db
      .query("messages")
      .filter((q) => q.eq(q.field("author"), identity.email))
      .collect();
  },
});
`;

/** The webhook as Convex's guide has it: Svix's verifier, and a secret by an older name. */
const guideHttp = `import { httpRouter } from "convex/server";
import { httpAction } from "./_generated/server";
import { internal } from "./_generated/api";
import type { WebhookEvent } from "@clerk/backend";
import { Webhook } from "svix";

const http = httpRouter();

http.route({
  path: "/clerk-users-webhook",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    const event = await validateRequest(request);
    if (!event) {
      return new Response("Error occured", { status: 400 });
    }
    switch (event.type) {
      case "user.created": // intentional fallthrough
      case "user.updated":
        await ctx.runMutation(internal.users.upsertFromClerk, {
          data: event.data,
        });
        break;
      default:
        console.log("Ignored Clerk webhook event", event.type);
    }

    return new Response(null, { status: 200 });
  }),
});

async function validateRequest(req: Request): Promise<WebhookEvent | null> {
  const payloadString = await req.text();
  const svixHeaders = {
    "svix-id": req.headers.get("svix-id")!,
    "svix-timestamp": req.headers.get("svix-timestamp")!,
    "svix-signature": req.headers.get("svix-signature")!,
  };
  const wh = new Webhook(process.env.CLERK_WEBHOOK_SECRET!);
  try {
    return wh.verify(payloadString, svixHeaders) as unknown as WebhookEvent;
  } catch (error) {
    console.error("Error verifying webhook event", error);
    return null;
  }
}

export default http;
`;

/** The same with this library. */
const ownSchema = `import { clerkWebhookTables, usersTable } from 'clerk-convex-resilience/convex';
import { defineSchema, defineTable } from 'convex/server';
import { v } from 'convex/values';

export default defineSchema({
  users: usersTable(),
  ...clerkWebhookTables,
  messages: defineTable({ author: v.id('users'), body: v.string() }),
});
`;
const ownUsers = `import { storeUser } from 'clerk-convex-resilience/convex';
import { mutation, query } from './_generated/server';

export const store = mutation({ args: {}, handler: (ctx) => storeUser(ctx) });

export const count = query({ args: {}, handler: async (ctx) => (await ctx.db.query('users').take(50)).length });
`;
const ownHttp = `import { clerkWebhookAction } from 'clerk-convex-resilience/convex';
import { httpRouter } from 'convex/server';
import { internal } from './_generated/api';

const http = httpRouter();

http.route({ path: '/webhooks/clerk', method: 'POST', handler: clerkWebhookAction(internal.clerk) });

export default http;
`;
const ownClerk = `import { clerkWebhookFunctions } from 'clerk-convex-resilience/convex';
import { internalMutation } from './_generated/server';

export const { claim, applyEvent, settle } = clerkWebhookFunctions({ internalMutation });
`;

const generated: FileMap = {
  '_generated/api.d.ts': `export declare const api: any;\nexport declare const internal: any;\n`,
  '_generated/api.js': `import { anyApi } from "convex/server";\nexport const api = anyApi;\nexport const internal = anyApi;\n`,
  '_generated/server.js': `import { queryGeneric } from "convex/server";\nexport const query = queryGeneric;\n`,
};

/** A Convex folder. `style`: Convex's guide, this library, or the guide without a webhook (the app has it). */
export function convexFolder(
  folder: string,
  options: { readonly style: 'guide' | 'own' | 'no_webhook'; readonly authConfig: string },
): FileMap {
  const { style } = options;
  const files: FileMap = {
    'auth.config.ts': options.authConfig,
    'schema.ts': style === 'own' ? ownSchema : schema,
    'users.ts': style === 'own' ? ownUsers : users,
    'messages.ts': messages,
    'tsconfig.json': json({ compilerOptions: { strict: true, module: 'ESNext', noEmit: true }, include: ['./**/*'] }),
    ...(style === 'guide' && { 'http.ts': guideHttp }),
    ...(style === 'own' && { 'http.ts': ownHttp, 'clerk.ts': ownClerk }),
    ...generated,
  };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [folder + name, text]));
}

/** The first line that `npx convex dev` writes into .env.local. */
export const deploymentLine = `# Deployment used by \`npx convex dev\`
CONVEX_DEPLOYMENT=dev:${deployment} # team: acme, project: chat
`;
