import { deploymentLine } from '../convexFolder.ts';
import { clerkProxy } from '../next.ts';
import { keys, next, type OrdinaryProject } from './OrdinaryProject.ts';

const guardedProxy = `import { clerkMiddleware, createRouteMatcher } from "@clerk/nextjs/server";
const isPublicRoute = createRouteMatcher(["/", "/sign-in(.*)"]);
export default clerkMiddleware(async (auth, request) => {
  if (!isPublicRoute(request)) await auth.protect();
});
`;

const letters = 'HabcdEF1234567890abcdefGHIJKLmnopqrstUVWXYZabcdefghij0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123';

const stripeKey = ['sk', 'test', `51${letters}`].join('_');

const stripeSecret = ['whsec', letters.slice(20, 52)].join('_');

const payments: OrdinaryProject = {
  name: "Next.js with Stripe's and other services' keys and webhooks",
  files: next({
    '.env.local': `${deploymentLine}${keys}STRIPE_SECRET_KEY=${stripeKey}
NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY=pk_test_51HabcDEF1234567890abcdef
STRIPE_WEBHOOK_SECRET=${stripeSecret}
RESEND_WEBHOOK_SECRET=${['whsec', 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4'].join('_')}
`,
    'src/proxy.ts': guardedProxy,
    'tests/stripe.test.ts': `const key = "${stripeKey}";\nconst secret = "${stripeSecret}";\n`,
    'src/app/api/webhooks/stripe/route.ts': `import Stripe from "stripe";
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);
export async function POST(request: Request) {
  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get("stripe-signature")!, process.env.STRIPE_WEBHOOK_SECRET!);
  return new Response(event.type);
}
`,
    'src/app/api/webhooks/resend/route.ts': `import { Webhook } from "svix";
import { clerkClient } from "@clerk/nextjs/server";
export async function POST(request: Request) {
  new Webhook(process.env.RESEND_WEBHOOK_SECRET!).verify(await request.text(), Object.fromEntries(request.headers));
  await (await clerkClient()).users.updateUser("user_1", { publicMetadata: { bounced: true } });
  return new Response("ok");
}
`,
    'convex/http.ts': `import { httpRouter } from "convex/server";
import { Webhook } from "svix";
import { httpAction } from "./_generated/server";
const http = httpRouter();
http.route({
  path: "/polar/events",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    new Webhook(process.env.POLAR_WEBHOOK_SECRET!).verify(await request.text(), {});
    return new Response();
  }),
});
export default http;
`,
  }),
};

const webhookInAction: OrdinaryProject = {
  name: 'a webhook that an internal action verifies with Svix',
  files: next({
    '.env.local': `${deploymentLine}${keys}`,
    'src/proxy.ts': clerkProxy,
    'convex/clerk.ts': `"use node";
import type { WebhookEvent } from "@clerk/backend";
import { v } from "convex/values";
import { Webhook } from "svix";
import { internalAction } from "./_generated/server";
const webhookSecret = process.env.CLERK_WEBHOOK_SECRET || "";
export const fulfill = internalAction({
  args: { headers: v.any(), payload: v.string() },
  handler: async (ctx, args) => new Webhook(webhookSecret).verify(args.payload, args.headers) as WebhookEvent,
});
`,
    'convex/http.ts': `import { httpRouter } from "convex/server";
import { internal } from "./_generated/api";
import { httpAction } from "./_generated/server";
const http = httpRouter();
http.route({
  path: "/clerk",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    const payload = await request.text();
    const event = await ctx.runAction(internal.clerk.fulfill, { payload, headers: { "svix-id": request.headers.get("svix-id")! } });
    return new Response(event.type);
  }),
});
export default http;
`,
  }),
};

const hono: OrdinaryProject = {
  name: "Convex's HTTP actions behind Hono",
  files: next({
    '.env.local': `${deploymentLine}${keys}`,
    'src/proxy.ts': clerkProxy,
    'convex/http.ts': `import { type HonoWithConvex, HttpRouterWithHono } from "convex-helpers/server/hono";
import { Hono } from "hono";
import { Webhook } from "svix";
import type { ActionCtx } from "./_generated/server";
const app: HonoWithConvex<ActionCtx> = new Hono();
app.post("/clerk", async (c) => {
  new Webhook(process.env.CLERK_WEBHOOK_SECRET!).verify(await c.req.text(), c.req.header());
  return c.text("ok");
});
export default new HttpRouterWithHono(app);
`,
  }),
};

/** Webhooks, of Clerk's and of others. */
export const ofWebhooks: readonly OrdinaryProject[] = [payments, webhookInAction, hono];
