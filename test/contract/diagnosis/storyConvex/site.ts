export { whoami } from '../convex/site.ts';
