import { expect, it } from 'vitest';
import { unusedProxy, usesEnvProxy } from './envProxy.ts';

const proxy = 'http://proxy.example:8080';
const https = 'https://api.clerk.com/v1';
const usable = true;

it.each<[string, string, Record<string, string>, boolean, string | undefined]>([
  ['none is named', https, {}, usable, undefined],
  ['one is named', https, { HTTPS_PROXY: proxy }, usable, 'HTTPS_PROXY'],
  ['one is named in small letters', https, { https_proxy: proxy }, usable, 'https_proxy'],
  ['one is named for http alone', https, { HTTP_PROXY: proxy }, usable, undefined],
  ['one is named for http', 'http://app.example', { HTTP_PROXY: proxy }, usable, 'HTTP_PROXY'],
  ['Node was told to use it', https, { HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '1' }, usable, undefined],
  ['Node was told so by an option', https, { HTTPS_PROXY: proxy, NODE_OPTIONS: '--use-env-proxy' }, usable, undefined],
  ['Node was told, and is too old', https, { HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '1' }, !usable, 'HTTPS_PROXY'],
  ['the host is an exception', https, { HTTPS_PROXY: proxy, NO_PROXY: 'a.example, .clerk.com' }, usable, undefined],
  ['the host is one by itself', https, { HTTPS_PROXY: proxy, no_proxy: 'api.clerk.com:443' }, usable, undefined],
  ['every host is an exception', https, { HTTPS_PROXY: proxy, NO_PROXY: '*' }, usable, undefined],
  ['another host is', https, { HTTPS_PROXY: proxy, NO_PROXY: 'lerk.com,com.example' }, usable, 'HTTPS_PROXY'],
  ['it is this machine', 'https://127.0.0.1:3210', { HTTPS_PROXY: proxy }, usable, undefined],
])('knows of a proxy that is passed by, where %s', (_, url, env, canBeUsed, expected) => {
  expect(unusedProxy(new URL(url), env, canBeUsed)).toBe(expected);
});

it('knows what Node was told', () => {
  expect(usesEnvProxy({ NODE_USE_ENV_PROXY: '1' }, usable)).toBe(true);
  expect(usesEnvProxy({ NODE_USE_ENV_PROXY: '0' }, usable)).toBe(false);
  expect(usesEnvProxy({ NODE_OPTIONS: '--no-use-env-proxy' }, usable)).toBe(false);
});
