import type { Page } from 'playwright-core';

/** Opens Clerk's own sign-in card and fills it in. */
export async function signIn(page: Page, emailAddress: string, password: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await fillInCard(page, emailAddress, password);
}

/** Fills in Clerk's own sign-in card, and waits until Convex says who it is. */
export async function fillInCard(page: Page, emailAddress: string, password: string): Promise<void> {
  const next = page.getByRole('button', { name: 'Continue', exact: true });
  await page.getByLabel('Email address').fill(emailAddress);
  await next.click();
  await page.locator('input[type="password"]').fill(password);
  await next.click();
  await page.getByTestId('who-am-i').waitFor();
}
