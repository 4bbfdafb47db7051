import { clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server';
import { withClerkGuard } from 'clerk-convex-resilience/next';

/** What a visitor may see; whatever is not named here is protected. Served also while Clerk cannot be asked: the rest answers 503 then. */
const isPublic = createRouteMatcher(['/', '/board', '/post', '/sign-in(.*)', '/api/webhooks/clerk']);

export default withClerkGuard(
  clerkMiddleware(
    async (auth, request) => {
      if (!isPublic(request)) await auth.protect();
    },
    { signInUrl: '/sign-in' },
  ),
  { publicRoutes: isPublic },
);

export const config = {
  matcher: [
    // All but Next.js's own files and what has a file's extension, as Clerk's quickstart has it.
    '/((?!_next|[^?]*\\.(?:html?|css|js(?!on)|jpe?g|webp|png|gif|svg|ttf|woff2?|ico|csv|docx?|xlsx?|zip|webmanifest)).*)',
    '/(api|trpc)(.*)',
  ],
};
