import { clerkMiddleware } from '@clerk/nextjs/server';

const isProtected = (pathname: string) => /^\/(dashboard|profile)(\/|$)/.test(pathname);

export default clerkMiddleware(
  async (auth, request) => {
    if (isProtected(request.nextUrl.pathname)) await auth.protect();
  },
  { signInUrl: '/sign-in' },
);

export const config = {
  matcher: [
    '/((?!_next|[^?]*\\.(?:html?|css|js(?!on)|jpe?g|webp|png|gif|svg|ttf|woff2?|ico|csv|docx?|xlsx?|zip|webmanifest)).*)',
    '/(api|trpc)(.*)',
  ],
};
