/**
 * Codes of a connection that was not made, so that nothing was sent: Node 20 (libuv, OpenSSL) and undici 6 and 7. Not
 * ECONNRESET, nor UND_ERR_SOCKET: there the request may have arrived.
 */
const notConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOST(?:UNREACH|DOWN)|ENET(?:UNREACH|DOWN)|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|UNABLE_TO_\w+|ERR_TLS_CERT_\w+)$/;

/** What Linux says EHOSTUNREACH of, too, once a connection that was made has lost its way: the request may have arrived. */
const afterwards = /^(?:read|write)/;

const deepestCause = 5;

/**
 * Is it certain that nothing was sent? Only a code of the error's own says so, or of what it was caused by: a message may quote
 * one, as that of a function does which has run, and then could not reach somebody else.
 */
export function neverConnected(error: unknown, depth = 0): boolean {
  try {
    if (depth > deepestCause) return false;
    const { code, syscall, cause, errors } = error as Readonly<Record<string, unknown>>;
    if (notConnected.test(`${code}`)) return !afterwards.test(`${syscall}`);
    // One for each address of the host that was tried.
    const tried: readonly unknown[] = Array.isArray(errors) && errors.length > 0 ? errors : [cause];
    return tried.every((each) => neverConnected(each, depth + 1));
  } catch {
    return false;
  }
}
