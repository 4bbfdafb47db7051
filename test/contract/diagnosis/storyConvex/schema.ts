export { default } from '../../../doctor/convex/schema.ts';
