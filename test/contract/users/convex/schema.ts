import { usersTable } from 'clerk-convex-resilience/convex';
import { defineSchema } from 'convex/server';

export default defineSchema({ users: usersTable() });
