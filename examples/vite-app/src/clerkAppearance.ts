/** Clerk's components in the app's own colours, light and dark. */
export const clerkAppearance = {
  variables: {
    colorPrimary: 'var(--accent)',
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
