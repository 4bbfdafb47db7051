import { isLoopback } from './isLoopback.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Since 22.21 and 24.0 Node's `fetch` goes through the proxy that the environment names, where it is told to; 20 never does. */
const canUse =
  process.allowedNodeEnvironmentFlags.has('--use-env-proxy') || Number(process.versions.node.split('.')[0]) >= 24;

/** Does `fetch` take the proxy of the environment? Node decides it when it starts. */
export const usesEnvProxy = (env: Env = process.env, canBeUsed: boolean = canUse): boolean =>
  canBeUsed &&
  (env.NODE_USE_ENV_PROXY === '1' ||
    /(?:^|\s)--use-env-proxy(?=\s|$)/.test(`${env.NODE_OPTIONS ?? ''} ${process.execArgv.join(' ')}`));

/** The variable that names a proxy for that address, which `fetch` passes by: a fault on the way may be for that alone. */
export function unusedProxy(url: URL, env: Env = process.env, canBeUsed?: boolean): string | undefined {
  const exceptions = env.no_proxy || env.NO_PROXY || '';
  if (isLoopback(url) || usesEnvProxy(env, canBeUsed) || isExcepted(url.hostname, exceptions)) return undefined;
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  return [name.toUpperCase(), name].find((each) => env[each]?.trim());
}

/** `NO_PROXY`: hosts, each with those below it; `*` for all. */
const isExcepted = (hostname: string, exceptions: string): boolean =>
  exceptions.split(/[\s,]+/).some((each) => {
    const host = each.toLowerCase().replace(/^\*?\.|:\d+$/g, '');
    return each === '*' || (host !== '' && (hostname === host || hostname.endsWith(`.${host}`)));
  });
