declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Is this a development build, or a test? Where that is not said it is production: what a developer is shown is nobody else's business. */
export function isDevelopment(): boolean {
  try {
    // As it stands: a bundler puts the word in its place, and where none did there may be no `process`.
    return process.env.NODE_ENV === 'development' || process.env.NODE_ENV === 'test';
  } catch {
    return false;
  }
}
