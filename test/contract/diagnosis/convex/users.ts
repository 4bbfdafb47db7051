export { breakStore, store } from '../../users/convex/users.ts';
