// `node --import` this file: plain Node finds Clerk's package for Next.js, and Next.js's own modules, as Next.js does. Their ES
// modules leave extensions off (@clerk/nextjs 7.9, next 16.4), so what Node gets is the CommonJS build of the same.
import { createRequire, register } from 'node:module';

export async function resolve(specifier, context, next) {
  if (!/^(@clerk\/nextjs|next)(\/|$)/.test(specifier)) return next(specifier, context);
  const path = createRequire(context.parentURL ?? import.meta.url).resolve(specifier);
  return next(new URL(`file://${path}`).href, context);
}

// The hooks run in a thread of their own, which loads this file once more.
const { isMainThread } = await import('node:worker_threads');
if (isMainThread) register(import.meta.url);
