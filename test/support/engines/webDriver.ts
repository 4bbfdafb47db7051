import { setTimeout as sleep } from 'node:timers/promises';

/** One session of a W3C WebDriver, spoken over plain HTTP. */
export interface WebDriver {
  readonly browserVersion: string;
  /** A command below the session. One at a time: the protocol allows no more. */
  call<T = unknown>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T>;
}

/** Waits until the driver listens, and opens its one session. */
export async function openWebDriver(url: string, alwaysMatch: object): Promise<WebDriver> {
  for (const end = Date.now() + 10_000; ; await sleep(30)) {
    const up = await fetch(`${url}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) break;
    if (Date.now() > end) throw new Error(`The WebDriver at ${url} does not answer.`);
  }
  const session = await send<{ sessionId: string; capabilities: { browserVersion: string } }>(
    'POST',
    `${url}/session`,
    {
      capabilities: { alwaysMatch },
    },
  );
  let last: Promise<unknown> = Promise.resolve();
  return {
    browserVersion: session.capabilities.browserVersion,
    call<T>(method: string, path: string, body?: object): Promise<T> {
      const next = last.then(() => send<T>(method, `${url}/session/${session.sessionId}${path}`, body));
      last = next.catch(() => {});
      return next;
    },
  };
}

async function send<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`WebDriver ${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}
