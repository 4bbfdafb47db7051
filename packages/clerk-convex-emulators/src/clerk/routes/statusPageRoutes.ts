import { Hono } from 'hono';
import type { ClerkContext, ClerkEnv } from '../clerkContext.ts';

/** What https://status.clerk.com says to programs, in the shape of Statuspage (confluence.status.atlassian.com/api#summary). */
export function statusPageRoutes({ runtime, url, now }: ClerkContext): Hono<ClerkEnv> {
  return new Hono<ClerkEnv>().get('/api/v2/summary.json', (c) => {
    const at = new Date(now()).toISOString();
    const incidents = runtime().incidents.map((name, index) => ({
      id: `incident_${index}`,
      name,
      status: 'investigating',
      impact: 'major',
      created_at: at,
      updated_at: at,
      resolved_at: null,
      shortlink: url,
      incident_updates: [],
      components: [],
    }));
    return c.json({
      page: { id: 'page_emulator', name: 'Clerk', url, time_zone: 'Etc/UTC', updated_at: at },
      status:
        incidents.length === 0
          ? { indicator: 'none', description: 'All Systems Operational' }
          : { indicator: 'major', description: 'Partial System Outage' },
      components: [],
      incidents,
      scheduled_maintenances: [],
    });
  });
}
