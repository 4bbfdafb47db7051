import { expect, waitFor } from 'storybook/test';

/** Waits until it is to be seen: what has just come is transparent for a moment. */
export const seen = (element: HTMLElement): Promise<void> =>
  waitFor(() => expect(element).toBeVisible(), { timeout: 20_000 }); // only a failure takes that long

/** For `ByText`: a text with a space that does not break (German, French) is looked for as it is, not with another space. */
export const asItIs = { normalizer: (text: string): string => text };
