/** Is the page on this machine, or in this house? `localhost`, `*.localhost`, `*.local`, loopback and private addresses. */
export function isLocalOrigin(origin: string): boolean {
  try {
    return local.test(new URL(origin).hostname);
  } catch {
    return false;
  }
}

const local =
  /^(?:(?:.+\.)?localhost|.+\.local|0\.0\.0\.0|\[::1\]|127(?:\.\d+){3}|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})$/;
