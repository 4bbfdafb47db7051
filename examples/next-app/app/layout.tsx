import { ClerkConfigGuard } from 'clerk-convex-resilience/next';
import { AuthErrorHandler } from 'clerk-convex-resilience/nextjs';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Header } from './Header.tsx';
import { StoreUser } from './StoreUser.tsx';
import 'clerk-convex-resilience/styles.css';
import './globals.css';

export const metadata: Metadata = { title: 'Message board' };

/** Around every page. Without keys it renders the public part: no page answers 500 for a setting. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <ClerkConfigGuard signInUrl="/sign-in" afterSignOutUrl="/">
          <AuthErrorHandler placement="bottom">
            <StoreUser>
              <Header />
              <main>{children}</main>
            </StoreUser>
          </AuthErrorHandler>
        </ClerkConfigGuard>
      </body>
    </html>
  );
}
