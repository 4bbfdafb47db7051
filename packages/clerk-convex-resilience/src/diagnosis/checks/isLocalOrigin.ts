/** Is this host, with its port or without, of this machine? `localhost`, `fapi.localhost:3000`, `127.0.0.1`, `[::1]`. */
export const isLoopback = (host: string): boolean =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);

/** Is the page on this machine, or in this house? Also `*.local`, and private addresses. */
export function isLocalOrigin(origin: string): boolean {
  try {
    const { hostname } = new URL(origin);
    return isLoopback(hostname) || inHouse.test(hostname);
  } catch {
    return false;
  }
}

const inHouse = /^(?:.+\.local|0\.0\.0\.0|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})$/;
