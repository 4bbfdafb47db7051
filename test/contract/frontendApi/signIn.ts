import type { Page } from 'playwright-core';

/** Signs in by a ticket, where no cookie could be put into the browser: it is known by a parameter. */
export const signIn = (page: Page, ticket: string): Promise<string | null> =>
  page.evaluate(async (ticket) => {
    interface ClerkJs {
      client: { signIn: { create(options: object): Promise<{ createdSessionId: string }> } };
      setActive(options: object): Promise<unknown>;
    }
    const clerk = Reflect.get(window, 'Clerk') as ClerkJs;
    try {
      const { createdSessionId } = await clerk.client.signIn.create({ strategy: 'ticket', ticket });
      await clerk.setActive({ session: createdSessionId });
      return null;
    } catch (error) {
      return String(error);
    }
  }, ticket);
