declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Is this no production build? */
export function isDevelopment(): boolean {
  try {
    // As it stands: a bundler puts the word in its place, and where none did there may be no `process`.
    return process.env.NODE_ENV !== 'production';
  } catch {
    return false;
  }
}
