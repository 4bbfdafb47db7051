/** Clerk's components in the app's own colours. Not named `--accent`: Clerk's buttons have a variable of that name. */
export const clerkAppearance = {
  variables: {
    colorPrimary: 'var(--brand)',
    colorPrimaryForeground: 'var(--on-brand)',
    colorBackground: 'var(--surface)',
    colorForeground: 'var(--text)',
    colorMutedForeground: 'var(--muted)',
    colorInput: 'var(--field)',
    colorInputForeground: 'var(--text)',
    colorNeutral: 'var(--text)',
    borderRadius: '0.6rem',
    fontFamily: 'inherit',
  },
};
