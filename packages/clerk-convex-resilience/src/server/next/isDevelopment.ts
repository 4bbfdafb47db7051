declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Is this `next dev`? Only there is a visitor shown what is wrong: a word that is not known is taken for production's. */
export function isDevelopment(): boolean {
  try {
    // As it stands: a bundler puts the word in its place, and where none did there may be no `process`.
    return process.env.NODE_ENV === 'development';
  } catch {
    return false;
  }
}
