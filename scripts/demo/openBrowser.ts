import { spawn } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** Opens the page in the user's browser where there is one. Answers whether it tried. */
export function openBrowser(url: string, env: Environment = process.env): boolean {
  const opener = findOpener(env);
  if (!opener) return false;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  // Not having one is no failure: the URL is on the screen.
  child.on('error', () => {});
  child.unref();
  return true;
}

function findOpener(env: Environment): [string, ...string[]] | undefined {
  if (env.CI) return undefined;
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['cmd', '/c', 'start', ''];
    default:
      return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
  }
}
