import { clerkMiddleware } from '@clerk/nextjs/server';
import { withClerkGuard } from 'clerk-convex-resilience/next';

/** What a visitor may see. Served also while Clerk cannot be asked; everything else answers 503 then. */
const publicRoutes = ['/', '/board', '/post', '/sign-in/*', '/api/webhooks/clerk'];
const isProtected = (pathname: string) => /^\/(dashboard|profile)(\/|$)/.test(pathname);

export default withClerkGuard(
  clerkMiddleware(
    async (auth, request) => {
      if (isProtected(request.nextUrl.pathname)) await auth.protect();
    },
    { signInUrl: '/sign-in' },
  ),
  { publicRoutes },
);

export const config = {
  matcher: [
    // All but Next.js's own files and what has an extension.
    '/((?!_next|[^?]*\\.(?:html?|css|js(?!on)|jpe?g|webp|png|gif|svg|ttf|woff2?|ico)).*)',
    '/(api|trpc)(.*)',
  ],
};
