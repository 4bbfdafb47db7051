import type { IncomingMessage } from 'node:http';

/** Lets the page that asks read the answer, cookies included; nothing for a request that came from no page. */
export function echoOrigin(request: IncomingMessage): Record<string, string> {
  const { origin } = request.headers;
  if (!origin) return {};
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'Origin' };
}
