import type { Connectivity } from '../core/connectivity.ts';
import type { ClerkLike } from './clerkTypes.ts';

export type ClerkSignOut = (...args: unknown[]) => Promise<unknown>;

export interface WrapSignOutOptions {
  readonly clerk: () => ClerkLike | undefined;
  readonly connectivity: Connectivity;
  /** Signs out here at once, then carries out `first` and, while Clerk has not confirmed, insists. `named`: one session of several. */
  readonly signOut: (first: () => Promise<unknown>, named: string | undefined) => Promise<unknown>;
  /** Gets Clerk's own sign-out, bound. */
  readonly onOriginal: (original: ClerkSignOut) => void;
}

export interface SignOutWrapper {
  /** Wraps the object that is there now, if it is not wrapped yet. Cheap to call again. */
  apply(): void;
  undo(): void;
}

/**
 * Puts local-first sign-out in front of Clerk's own, on the clerk-js object itself, so that `useAuth().signOut`,
 * `<SignOutButton>` and `<UserButton>` have it too.
 */
export function wrapSignOut(options: WrapSignOutOptions): SignOutWrapper {
  let wrapped: { target: ClerkLike; original: ClerkSignOut; ours: ClerkSignOut } | null = null;
  function undo(): void {
    // Somebody who wrapped it after us keeps theirs.
    if (wrapped && wrapped.target.signOut === (wrapped.ours as ClerkLike['signOut'])) {
      wrapped.target.signOut = wrapped.original as NonNullable<ClerkLike['signOut']>;
    }
    wrapped = null;
  }
  return {
    undo,
    apply() {
      // The real object, once it is there: what `useClerk()` gives is a proxy that hands calls on to it.
      const target = (options.connectivity.readGlobal('Clerk') as ClerkLike | undefined) ?? options.clerk();
      if (!target || typeof target.signOut !== 'function' || wrapped?.target === target) return;
      undo();
      const original = target.signOut as ClerkSignOut;
      const call: ClerkSignOut = (...args) => original.apply(target, args);
      const ours: ClerkSignOut = (...args) => {
        // Undone, but somebody who wrapped it after us still calls it.
        if (wrapped?.ours !== ours) return call(...args);
        return options.signOut(() => call(...args), sessionNamed(args));
      };
      target.signOut = ours as NonNullable<ClerkLike['signOut']>;
      wrapped = { target, original, ours };
      options.onOriginal(call);
    },
  };
}

/** `signOut({ sessionId })` or `signOut(callback, { sessionId })`: the session it names. */
function sessionNamed(args: readonly unknown[]): string | undefined {
  for (const arg of args) {
    if (typeof arg === 'object' && arg !== null && 'sessionId' in arg && typeof arg.sessionId === 'string')
      return arg.sessionId;
  }
  return undefined;
}
