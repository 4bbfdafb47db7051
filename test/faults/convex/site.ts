import { mutationGeneric, queryGeneric } from 'convex/server';

/** Read outside `<Authenticated>`, as a public part of a page is. */
export const headline = queryGeneric({ args: {}, handler: async () => 'Welcome' });

/** Answers anybody: shows that a signed-out client still works. */
export const ping = mutationGeneric({ args: {}, handler: async () => 'pong' });
