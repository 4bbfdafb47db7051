import type { BrowserContext, Locator, Page } from 'playwright-core';

// Of @playwright/test, which is not installed here, what the documents use.

interface Fixtures {
  readonly context: BrowserContext;
  readonly page: Page;
}
interface Test<All> {
  (title: string, run: (fixtures: All) => Promise<void>): void;
  extend<More>(
    fixtures: {
      readonly [Name in keyof More]: (given: All, use: (value: More[Name]) => Promise<void>) => Promise<void>;
    },
  ): Test<All & More>;
}

export declare const test: Test<Fixtures>;
export declare const expect: {
  (locator: Locator): { toBeVisible(): Promise<void>; toHaveCount(count: number): Promise<void> };
  (value: number): { toBeGreaterThan(than: number): void };
};
