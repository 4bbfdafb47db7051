import { basename } from 'node:path';

/**
 * esbuild plugin: a file `src/<name>.client.ts` stays a file of its own, which what imports it finds beside itself in dist/.
 *
 * The entry `./next` has a server component that renders client components. In one file they would be all server or all
 * client; and a chunk that both share would be the client's alone.
 */
export const clientHalf = () => ({
  name: 'client-half',
  setup(build: {
    onResolve(
      options: { readonly filter: RegExp },
      callback: (found: {
        readonly path: string;
        readonly kind: string;
      }) => { path: string; external: true } | undefined,
    ): void;
  }): void {
    build.onResolve({ filter: /\.client\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: `./${basename(path, '.ts')}.js`, external: true },
    );
  },
});
