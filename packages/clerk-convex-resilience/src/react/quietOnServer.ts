import { hasPage } from '../core/connectivity.ts';

/**
 * For a Convex client that is made while rendering. Its logger draws a name by lot (convex 1.48), and Next.js fails a build in
 * which a page that is rendered beforehand does so (`cacheComponents`, next 16.4). Nothing connects on a server, so there is
 * nothing to log.
 */
export const quietOnServer = (): { readonly logger?: false } => (hasPage() ? {} : { logger: false });
