import { expect, waitFor } from 'storybook/test';

/** Waits until it is to be seen: what has just come is transparent for a moment. */
export const seen = (element: HTMLElement): Promise<void> =>
  waitFor(() => expect(element).toBeVisible(), { timeout: 20_000 }); // only a failure takes that long
