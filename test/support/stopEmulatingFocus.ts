import type { Page } from 'playwright-core';

/**
 * Playwright 1.64 keeps every page "focused", and so never hidden, from a session of its own that has no public name; what another session
 * says does not count. Whoever hides a page asserts `document.hidden`, so a Playwright that has moved this is noticed.
 */
export async function stopEmulatingFocus(page: Page): Promise<void> {
  const { _connection } = page as unknown as PlaywrightInside;
  await _connection
    .toImpl(page)
    .delegate._mainFrameSession._client.send('Emulation.setFocusEmulationEnabled', { enabled: false });
}

interface PlaywrightInside {
  _connection: {
    toImpl(page: Page): {
      delegate: { _mainFrameSession: { _client: { send(method: string, params: object): Promise<void> } } };
    };
  };
}
