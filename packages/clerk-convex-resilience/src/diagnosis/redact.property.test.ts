import { describe, expect, it } from 'vitest';
import { redactSecret, redactText } from './redact.ts';

const jwt = `eyJhbGciOiJSUzI1NiJ9.${btoa('{"sub":"user_2abcdefghijk"}').replace(/=+$/, '')}.c2lnbmF0dXJlc2lnbmF0dXJl`;
const hex = '01a7b3c9d4e5f60718293a4b5c6d7e8f01a7b3';

describe('redactText', () => {
  it.each([
    ['a secret key', `sk_test_${'a1'.repeat(21)}!`, 'sk_test_…!'],
    ['a signing secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,', 'whsec_…,'],
    ['a JWT', `token ${jwt}, refused`, 'token …, refused'],
    ['the claims of a JWT alone', jwt.split('.')[1] ?? '', '…'],
    ['a token that is no JWT', `${'x'.repeat(20)}.${'y'.repeat(20)}.${'z'.repeat(20)}`, '…'],
    ['what follows Bearer', 'authorization: Bearer abc.def', 'authorization: Bearer …'],
    ['an e-mail address', 'for <ada.lovelace+1@mail.example.co.uk>', 'for <…>'],
    ['an e-mail address in another script', 'josé@пример.рф', '…'],
    ["a deploy key of Convex's", 'prod:happy-animal-123|eyJ2MiI6IjAxYTdiM2M5In0=', 'prod:happy-animal-123|…'],
    ['an older one', `CONVEX_DEPLOY_KEY=dev:happy-animal-123|${hex}`, 'CONVEX_DEPLOY_KEY=dev:happy-animal-123|…'],
    ['one of previews', 'preview:team:project|eyJ2MiI6IjAxIn0=', 'preview:team:project|…'],
    ['one of a project', 'project:team:project|eyJ2MiI6IjAxIn0=', 'project:team:project|…'],
    ['one in an address', 'x=prod%3Aa|b prod:happy-animal-123%7CeyJ2%3D', 'x=prod%3Aa|b prod:happy-animal-123%7C…'],
    ['an admin key', `self-hosted|${hex}`, 'self-hosted|…'],
    ['an admin key by another name', `convex-self-hosted|${hex}`, 'convex-self-hosted|…'],
    ["an admin key of one's own name", `my-app|${hex}`, 'my-app|…'],
    ['the browser of a development instance', '__clerk_db_jwt=dvb_2abcDEF0123', '__clerk_db_jwt=…'],
    ['that without its name', 'got dvb_2abcDEF0123.', 'got dvb_….'],
    [
      'a cookie',
      `cookie: a=b; __client=${jwt}; __client_uat=1732646644`,
      'cookie: a=b; __client=…; __client_uat=1732646644',
    ],
    ['a cookie that is no JWT', '__client=opaque/value', '__client=…'],
    ['a cookie of an instance', '__session_AbCd12-_=opaque; x', '__session_AbCd12-_=…; x'],
    ['a cookie in JSON', '{"__session":"opaque","a":1}', '{"__session":"…","a":1}'],
    ['a query string', 'GET https://a.example/v1?rotating_token=abc&x=1 (404)', 'GET https://a.example/v1?… (404)'],
    ['a token in a fragment', 'https://a.example/#access_token=abc', 'https://a.example/#…'],
    ['a password in a URL', 'https://user:pass@a.example/x', 'https://…@a.example/x'],
    ['a password with an @', 'https://user:p@ss@a.example/x', 'https://…@a.example/x'],
    [
      "GitHub's token in a URL",
      `git+https://ghp_${'a1'.repeat(18)}@github.com/a/b.git`,
      'git+https://…@github.com/a/b.git',
    ],
    ["GitHub's token", `ghp_${'a1'.repeat(18)} github_pat_${'a1'.repeat(20)}`, 'ghp_… github_pat_…'],
    [
      "npm's token",
      `//registry.npmjs.org/:_authToken=npm_${'a1'.repeat(18)}`,
      '//registry.npmjs.org/:_authToken=npm_…',
    ],
  ])('takes out %s', (_name, text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(redactText(expected)).toBe(expected);
  });

  it.each([
    'happy-hippo-12.clerk.accounts.dev',
    'https://happy-animal-123.convex.cloud/api/query',
    'wss://[::1]:3210/api/1.48.0/sync',
    'dev:happy-animal-123',
    'Is it https://a.example?',
    'Copy it from https://dashboard.clerk.com/last-active?path=api-keys.',
    'https://docs.convex.dev/auth/clerk#setup',
    'the cookie `__client` of another instance, `__session`: delete them',
    'A | B, string|undefined, apiKey|organizationMembership',
    'convex@1.48.0 and @clerk/react@6.18.0',
    'npm_config_user_agent npm_package_json',
    'pk_test_aGFwcHktaGlwcG8tMS5jbGVyay5hY2NvdW50cy5kZXYk',
  ])('leaves alone: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it.each([
    'a',
    'eyJ',
    'eyJabcdef.',
    'a@',
    'a.',
    'a:',
    'a://',
    'a://b@',
    '__client=',
    'prod:a',
    'self-hosted',
    'Bearer ',
    '?#',
    'aaaaaaaaaaaaaaaa.',
  ])('is done with a megabyte of %s', (part) => {
    const text = part.repeat(1_000_000 / part.length);
    const began = performance.now();
    redactText(text);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

it.each([
  [`sk_live_${'a'.repeat(42)}`, 'sk_live_… (50 characters)'],
  ['hunter2', '… (7 characters)'],
])('shows of %s the prefix and the length', (value, expected) => {
  expect(redactSecret(value)).toBe(expected);
});
