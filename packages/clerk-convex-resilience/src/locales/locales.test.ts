import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { ar } from './ar.ts';
import { bn } from './bn.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { hi } from './hi.ts';
import { ja } from './ja.ts';
import type { AuthMessages } from './messages.ts';
import { pt } from './pt.ts';
import { ru } from './ru.ts';
import { zh } from './zh.ts';

const locales = { ar, bn, de, en, es, fr, hi, ja, pt, ru, zh };
const names = Object.keys(locales) as (keyof typeof locales)[];
const translated = names.filter((name) => name !== 'en');

/** They break anywhere. */
const unspaced: readonly string[] = ['ja', 'zh'];
const rightToLeft: readonly string[] = ['ar'];
const inLatinLetters: readonly string[] = ['de', 'es', 'fr', 'pt'];

type Text = Exclude<keyof AuthMessages, 'lang' | 'dir'>;
const texts = (Object.keys(en) as (keyof AuthMessages)[]).filter((key): key is Text => key !== 'lang' && key !== 'dir');

const time = (lang: string, count: number, unit: 'second' | 'minute') => ({
  '{when}': new Intl.RelativeTimeFormat(lang).format(count, unit),
  '{duration}': new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
});

/** A countdown as it is read. Versions of ICU differ in which space they write. */
const countdown = ({ next_try, lang }: AuthMessages, count: number, unit: 'second' | 'minute'): string =>
  next_try.replace(/\{when\}|\{duration\}/, (place) => time(lang, count, unit)[place as '{when}']).replace(/\s/g, ' ');

test('every locale is looked at here, and has a size budget', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => /^[a-z]{2}\.ts$/.test(file));
  expect(files.map((file) => file.slice(0, 2)).sort()).toEqual(names);

  const budgets = JSON.parse(readFileSync(new URL('../../../../.size-limit.json', import.meta.url), 'utf8')) as {
    name: string;
    limit: string;
  }[];
  const limits = Object.fromEntries(budgets.map(({ name, limit }) => [name, limit]));
  for (const name of names) expect(limits[`./locales/${name}`]).toBe('0.8 kB');
});

describe.each(names)('%s', (name) => {
  const locale: AuthMessages = locales[name];

  it('has the texts of English, in the same order, and none is empty', () => {
    expect(Object.keys(locale)).toEqual(Object.keys(en));
    for (const key of texts) expect(locale[key].trim()).not.toBe('');
  });

  it('names its language as Intl does, and its direction', () => {
    expect(Intl.getCanonicalLocales(locale.lang)).toEqual([locale.lang]);
    expect(new Intl.Locale(locale.lang).language).toBe(name);
    for (const format of [Intl.RelativeTimeFormat, Intl.NumberFormat])
      expect(format.supportedLocalesOf(locale.lang)).toEqual([locale.lang]);
    expect(locale.dir).toBe(rightToLeft.includes(name) ? 'rtl' : 'ltr');
  });

  it('ends sentences, leaves titles and buttons open, and is set as type is', () => {
    const sentences = texts.filter((key) => /_detail$|^reset_warning$|^next_try$|^still_signed_in$/.test(key));
    const going: readonly Text[] = ['recovering', 'connecting', 'trying'];
    for (const key of texts) {
      const end = locale[key].at(-1);
      if (sentences.includes(key)) expect(end).toMatch(/[.।。]/);
      else if (going.includes(key)) expect(end).toBe('…');
      else expect(end).toMatch(/\p{L}|\p{M}/u);
      expect(locale[key]).toBe(locale[key].normalize());
      expect(locale[key]).not.toMatch(/['"]|\.\.|[ \u00a0]{2}|^\s|\s$/);
    }
  });

  it('breaks into lines of a banner 280 px wide', () => {
    const words = texts.flatMap((key) => locale[key].split(unspaced.includes(name) ? '' : /[ -]/));
    const signs = (word: string) => [...new Intl.Segmenter(locale.lang).segment(word)].length;
    expect(words.filter((word) => signs(word) > 20)).toEqual([]);
  });
});

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}’]+/gu) ?? [];
const pairsOf = (text: string): string[] =>
  wordsOf(text)
    .map((word, at, words) => `${word} ${words[at + 1] ?? ''}`)
    .filter((pair) => !pair.endsWith(' '));
const english = new Set(texts.flatMap((key) => pairsOf(en[key])));

test.each(translated)('no text of %s is left in English', (name) => {
  const locale: AuthMessages = locales[name];
  for (const key of texts) {
    expect(locale[key]).not.toBe(en[key]);
    expect(pairsOf(locale[key]).filter((pair) => english.has(pair))).toEqual([]);
    if (!inLatinLetters.includes(name)) expect(locale[key].replace(/\{\w+\}/, '')).not.toMatch(/\p{Script=Latin}/u);
  }
});

// `userButton.action__signOut` (fr: `taskChooseOrganization.signOut.actionLink`, a verb beside a verb) and
// `signUp.start.actionLink` (de: `waitlist.start.actionLink`, the word of Clerk's sentences and the one that goes with its
// sign-out) of @clerk/localizations 4.18.0.
test.each([
  ['ar', 'تسجيل الدخول', 'تسجيل الخروج'],
  ['bn', 'সাইন ইন করুন', 'সাইন আউট'],
  ['de', 'Anmelden', 'Abmelden'],
  ['en', 'Sign in', 'Sign out'],
  ['es', 'Iniciar sesión', 'Cerrar sesión'],
  ['fr', 'Se connecter', 'Se déconnecter'],
  ['hi', 'साइन इन करें', 'साइन आउट'],
  ['ja', 'サインイン', 'サインアウト'],
  ['pt', 'Entrar', 'Sair'],
  ['ru', 'Войти', 'Выйти'],
  ['zh', '登录', '退出登录'],
] as const)('%s signs in and out in the words of Clerk’s own components', (name, signIn, signOut) => {
  expect([locales[name].sign_in, locales[name].sign_out]).toEqual([signIn, signOut]);
});

// One, two and few, five and many, twenty-one (again one in Russian), sixty: seconds, then minutes.
const countdowns: Record<keyof typeof locales, readonly string[]> = {
  ar: [
    'ستُعاد المحاولة خلال ثانية واحدة.',
    'ستُعاد المحاولة خلال ثانيتين.',
    'ستُعاد المحاولة خلال ٥ ثوانٍ.',
    'ستُعاد المحاولة خلال ٢١ ثانية.',
    'ستُعاد المحاولة خلال ٦٠ ثانية.',
    'ستُعاد المحاولة خلال دقيقة واحدة.',
    'ستُعاد المحاولة خلال دقيقتين.',
    'ستُعاد المحاولة خلال ٥ دقائق.',
    'ستُعاد المحاولة خلال ٢١ دقيقة.',
    'ستُعاد المحاولة خلال ٦٠ دقيقة.',
  ],
  bn: [
    '১ সেকেন্ড পরে আবার চেষ্টা করা হবে।',
    '২ সেকেন্ড পরে আবার চেষ্টা করা হবে।',
    '৫ সেকেন্ড পরে আবার চেষ্টা করা হবে।',
    '২১ সেকেন্ড পরে আবার চেষ্টা করা হবে।',
    '৬০ সেকেন্ড পরে আবার চেষ্টা করা হবে।',
    '১ মিনিট পরে আবার চেষ্টা করা হবে।',
    '২ মিনিট পরে আবার চেষ্টা করা হবে।',
    '৫ মিনিট পরে আবার চেষ্টা করা হবে।',
    '২১ মিনিট পরে আবার চেষ্টা করা হবে।',
    '৬০ মিনিট পরে আবার চেষ্টা করা হবে।',
  ],
  de: [
    'Nächster Versuch in 1 Sekunde.',
    'Nächster Versuch in 2 Sekunden.',
    'Nächster Versuch in 5 Sekunden.',
    'Nächster Versuch in 21 Sekunden.',
    'Nächster Versuch in 60 Sekunden.',
    'Nächster Versuch in 1 Minute.',
    'Nächster Versuch in 2 Minuten.',
    'Nächster Versuch in 5 Minuten.',
    'Nächster Versuch in 21 Minuten.',
    'Nächster Versuch in 60 Minuten.',
  ],
  en: [
    'Trying again in 1 second.',
    'Trying again in 2 seconds.',
    'Trying again in 5 seconds.',
    'Trying again in 21 seconds.',
    'Trying again in 60 seconds.',
    'Trying again in 1 minute.',
    'Trying again in 2 minutes.',
    'Trying again in 5 minutes.',
    'Trying again in 21 minutes.',
    'Trying again in 60 minutes.',
  ],
  es: [
    'Nuevo intento dentro de 1 segundo.',
    'Nuevo intento dentro de 2 segundos.',
    'Nuevo intento dentro de 5 segundos.',
    'Nuevo intento dentro de 21 segundos.',
    'Nuevo intento dentro de 60 segundos.',
    'Nuevo intento dentro de 1 minuto.',
    'Nuevo intento dentro de 2 minutos.',
    'Nuevo intento dentro de 5 minutos.',
    'Nuevo intento dentro de 21 minutos.',
    'Nuevo intento dentro de 60 minutos.',
  ],
  fr: [
    'Nouvel essai dans 1 seconde.',
    'Nouvel essai dans 2 secondes.',
    'Nouvel essai dans 5 secondes.',
    'Nouvel essai dans 21 secondes.',
    'Nouvel essai dans 60 secondes.',
    'Nouvel essai dans 1 minute.',
    'Nouvel essai dans 2 minutes.',
    'Nouvel essai dans 5 minutes.',
    'Nouvel essai dans 21 minutes.',
    'Nouvel essai dans 60 minutes.',
  ],
  hi: [
    '1 सेकंड बाद फिर से कोशिश होगी।',
    '2 सेकंड बाद फिर से कोशिश होगी।',
    '5 सेकंड बाद फिर से कोशिश होगी।',
    '21 सेकंड बाद फिर से कोशिश होगी।',
    '60 सेकंड बाद फिर से कोशिश होगी।',
    '1 मिनट बाद फिर से कोशिश होगी।',
    '2 मिनट बाद फिर से कोशिश होगी।',
    '5 मिनट बाद फिर से कोशिश होगी।',
    '21 मिनट बाद फिर से कोशिश होगी।',
    '60 मिनट बाद फिर से कोशिश होगी।',
  ],
  ja: [
    '1 秒後に再試行します。',
    '2 秒後に再試行します。',
    '5 秒後に再試行します。',
    '21 秒後に再試行します。',
    '60 秒後に再試行します。',
    '1 分後に再試行します。',
    '2 分後に再試行します。',
    '5 分後に再試行します。',
    '21 分後に再試行します。',
    '60 分後に再試行します。',
  ],
  pt: [
    'Nova tentativa em 1 segundo.',
    'Nova tentativa em 2 segundos.',
    'Nova tentativa em 5 segundos.',
    'Nova tentativa em 21 segundos.',
    'Nova tentativa em 60 segundos.',
    'Nova tentativa em 1 minuto.',
    'Nova tentativa em 2 minutos.',
    'Nova tentativa em 5 minutos.',
    'Nova tentativa em 21 minutos.',
    'Nova tentativa em 60 minutos.',
  ],
  ru: [
    'Попробуем снова через 1 секунду.',
    'Попробуем снова через 2 секунды.',
    'Попробуем снова через 5 секунд.',
    'Попробуем снова через 21 секунду.',
    'Попробуем снова через 60 секунд.',
    'Попробуем снова через 1 минуту.',
    'Попробуем снова через 2 минуты.',
    'Попробуем снова через 5 минут.',
    'Попробуем снова через 21 минуту.',
    'Попробуем снова через 60 минут.',
  ],
  zh: [
    '将在1秒钟后重试。',
    '将在2秒钟后重试。',
    '将在5秒钟后重试。',
    '将在21秒钟后重试。',
    '将在60秒钟后重试。',
    '将在1分钟后重试。',
    '将在2分钟后重试。',
    '将在5分钟后重试。',
    '将在21分钟后重试。',
    '将在60分钟后重试。',
  ],
};

test.each(names)('%s counts down in its own plurals and digits', (name) => {
  const locale: AuthMessages = locales[name];
  const read = (['second', 'minute'] as const).flatMap((unit) =>
    [1, 2, 5, 21, 60].map((count) => countdown(locale, count, unit)),
  );
  expect(read).toEqual(countdowns[name]);
});
