'use client';
import { UserSync } from 'clerk-convex-resilience/nextjs';
import type { ReactNode } from 'react';
import { api } from '../convex/_generated/api';

/** Keeps a row for the user. A client component: the name of a Convex function cannot be handed over by a server. */
export const StoreUser = ({ children }: { children: ReactNode }) => (
  <UserSync mutation={api.users.store}>{children}</UserSync>
);
