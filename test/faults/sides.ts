export const sides = ['plain', 'resilient'] as const;

/** Plain `ConvexProviderWithClerk`, or ours. */
export type Side = (typeof sides)[number];
