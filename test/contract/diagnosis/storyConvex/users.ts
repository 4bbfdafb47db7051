export * from '../../../doctor/convex/users.ts';
