export { default } from '../../users/convex/schema.ts';
