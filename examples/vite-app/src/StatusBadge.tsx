export interface StatusBadgeProps {
  tone: 'good' | 'busy' | 'bad';
  label: string;
}

export const StatusBadge = ({ tone, label }: StatusBadgeProps) => (
  <span className={`badge badge-${tone}`} role="status" data-testid="badge">
    {label}
  </span>
);

export interface SignOutButtonProps {
  signOut: () => Promise<unknown> | undefined;
}

export const SignOutButton = ({ signOut }: SignOutButtonProps) => (
  <button
    type="button"
    onClick={() => {
      signOut()?.catch((error: unknown) => console.error('Sign-out failed.', error));
    }}
  >
    Sign out
  </button>
);
