export { default } from '../../../doctor/convex/http.ts';
