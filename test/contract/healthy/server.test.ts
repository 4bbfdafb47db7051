import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

// What the entries stand on is imported first, so that only their own doing is seen.
const program = (clerkPackage: string, entry: string) => `
  const look = () => new Map(Reflect.ownKeys(globalThis).map((key) => {
    const { get, set, value } = Reflect.getOwnPropertyDescriptor(globalThis, key);
    return [key, [get, set, value]];
  }));
  const changed = (a, b) => [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => !a.has(key) || !b.has(key) || a.get(key).some((each, i) => !Object.is(each, b.get(key)[i]))).map(String);
  const { createElement } = await import('react');
  const { renderToString } = await import('react-dom/server');
  const { ConvexReactClient, useConvexAuth, useQuery } = await import('convex/react');
  const { makeFunctionReference } = await import('convex/server');
  await import('${clerkPackage}');
  atob(''); // Node puts it in place when it is first called

  const before = look();
  const { ConvexClerkProvider, useAuthHealth } = await import('clerk-convex-resilience${entry}');
  const imported = changed(before, look());
  function App() {
    const { isLoading, isAuthenticated } = useConvexAuth();
    const me = useQuery(makeFunctionReference('users:me'), {});
    return JSON.stringify({ isLoading, isAuthenticated, me: me ?? null, health: useAuthHealth().status });
  }
  const html = renderToString(createElement(
    ConvexClerkProvider,
    { publishableKey: 'pk_test_Y2xlcmsuZXhhbXBsZS5jb20k', convexUrl: 'https://happy-animal-123.convex.cloud' },
    createElement(App),
  ));
  const open = process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|TLS|GETADDRINFO/.test(name));
  console.log(JSON.stringify({ imported, rendered: changed(before, look()), open, html }));
`;

describe.concurrent.each([
  ['@clerk/clerk-react', '/clerk-react'],
  ['@clerk/react', '/react'],
] as const)('on a server, with the real %s', (clerkPackage, entry) => {
  it('imports and renders as "starting", and touches no global, timer or socket', async () => {
    const { outputFiles } = await build({
      stdin: { contents: program(clerkPackage, entry), resolveDir: root, loader: 'js' },
      tsconfig: `${root}tsconfig.json`, // its paths point at the library's sources
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      jsx: 'automatic',
      packages: 'external',
    });
    const code = outputFiles[0]?.text ?? '';
    const running = promisify(execFile)(process.execPath, ['--input-type=module'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    running.child.stdin?.end(code); // too long for an argument
    const { stdout } = await running;
    const { html, ...touched } = JSON.parse(stdout) as { html: string };
    expect(touched).toEqual({ imported: [], rendered: [], open: [] });
    expect(JSON.parse(html.replaceAll('&quot;', '"'))).toEqual({
      isLoading: true,
      isAuthenticated: false,
      me: null,
      health: 'starting',
    });
  });
});
