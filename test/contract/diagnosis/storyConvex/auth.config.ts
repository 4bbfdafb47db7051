export { default } from '../../../doctor/convex/auth.config.ts';
