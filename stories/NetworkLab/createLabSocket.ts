/** Stands for Convex: a socket that takes every token and answers as the sync protocol of convex 1.48 does. */
export interface LabSockets {
  /** For `ConvexReactClient`. */
  readonly WebSocket: typeof WebSocket;
  /** The network is down: nothing opens, and what is open is lost. */
  cut(): void;
  /** The token that it has counts as expired, so that the client asks for a fresh one. */
  expire(): void;
}

interface Message {
  readonly type: string;
  readonly newVersion?: number;
}

const pingEveryMs = 15_000;

export function createLabSockets(isDown: () => boolean): LabSockets {
  const open = new Set<LabSocket>();

  class LabSocket {
    readyState = 0;
    onopen: ((event: object) => void) | null = null;
    onmessage: ((event: { readonly data: string }) => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
    #version = { querySet: 0, identity: 0, ts: 'AAAAAAAAAAA=' };
    #ping: ReturnType<typeof setInterval> | undefined;

    constructor() {
      setTimeout(() => {
        if (this.readyState !== 0) return;
        if (isDown()) return this.fail();
        this.readyState = 1;
        open.add(this);
        this.#ping = setInterval(() => this.#say({ type: 'Ping' }), pingEveryMs);
        this.onopen?.({});
      }, 50);
    }
    send(text: string): void {
      const { type, newVersion } = JSON.parse(text) as Message;
      const before = this.#version;
      const next =
        type === 'Authenticate'
          ? { ...before, identity: before.identity + 1 }
          : type === 'ModifyQuerySet'
            ? { ...before, querySet: newVersion ?? before.querySet }
            : null;
      if (!next) return;
      this.#version = next;
      setTimeout(
        () => this.#say({ type: 'Transition', startVersion: before, endVersion: next, modifications: [] }),
        50,
      );
    }
    #say(message: object): void {
      if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(message) });
    }
    expire(): void {
      this.#say({
        type: 'AuthError',
        error:
          'Could not verify OIDC token claim. Check that the token signature is valid and the token hasn’t expired.',
        baseVersion: this.#version.identity,
        authUpdateAttempted: false,
      });
    }
    fail(): void {
      this.onerror?.({});
      this.close(1006);
    }
    close(code = 1000): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      clearInterval(this.#ping);
      open.delete(this);
      setTimeout(() => this.onclose?.({ code, reason: '' }));
    }
  }

  return {
    WebSocket: LabSocket as unknown as typeof WebSocket,
    cut() {
      for (const socket of [...open]) socket.fail();
    },
    expire() {
      for (const socket of [...open]) socket.expire();
    },
  };
}
