import { auth } from '@clerk/nextjs/server';
import { createServerConvex } from 'clerk-convex-resilience/next';

/** Convex's functions for server components and server actions: as the user who asks, and with patience that ends. */
export const convex = createServerConvex({ auth });
