import { ClerkProvider } from '@clerk/nextjs';
import type { ReactNode } from 'react';
import { Header } from './Header.tsx';
import { Providers } from './Providers.tsx';
import './globals.css';

export const metadata = { title: 'Message board' };

/** As Convex's guide to Clerk and Next.js has it. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <ClerkProvider signInUrl="/sign-in" afterSignOutUrl="/">
          <Providers>
            <Header />
            <main>{children}</main>
          </Providers>
        </ClerkProvider>
      </body>
    </html>
  );
}
