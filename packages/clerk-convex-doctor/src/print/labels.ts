import type { FindingSeverity } from 'clerk-convex-resilience/diagnosis';
import type { FileStepId } from '../gather/files/fileSteps.ts';
import { type NetworkStepId, offlineReason } from '../gather/network/networkSteps.ts';
import type { Group } from '../groups.ts';
import type { Language } from './languages.ts';

/** The command's own words around the findings. */
export interface Labels {
  readonly seen: string;
  readonly expected: string;
  readonly fix: string;
  readonly at: string;
  readonly docs: string;
  readonly skipped: string;
  readonly clean: string;
  /** After the sum. `{n}` is how many findings `--ignore` left out. */
  readonly leftOut: string;
  /** Forms of a count, by `Intl.PluralRules`. `{n}` is the number. */
  readonly counts: Readonly<
    Record<FindingSeverity, Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>
  >;
  readonly groups: Readonly<Record<Group, string>>;
  /** What is looked at, by its id. In English it is the step's own title. */
  readonly steps?: Readonly<Record<FileStepId | NetworkStepId, string>>;
  /** Why a step was skipped with --offline. */
  readonly offline: string;
}

const en: Labels = {
  seen: 'seen',
  expected: 'expected',
  fix: 'fix',
  at: 'at',
  docs: 'more',
  skipped: 'skipped',
  clean: 'Nothing is wrong.',
  leftOut: 'left out by --ignore: {n}',
  counts: {
    error: { one: '{n} error', other: '{n} errors' },
    warning: { one: '{n} warning', other: '{n} warnings' },
    info: { one: '{n} note', other: '{n} notes' },
  },
  groups: {
    token: 'The token that Clerk makes',
    'auth-config': 'convex/auth.config.ts',
    issuer: "The issuer's environment variable",
    keys: 'Keys and secrets',
    convex: 'Convex',
    webhooks: 'Webhooks',
    middleware: 'Middleware',
    clerk: 'The way to Clerk',
    packages: 'Packages',
    leftovers: 'What is left of another instance',
    source: 'Source',
  },
  offline: offlineReason,
};

const ru: Labels = {
  seen: 'есть',
  expected: 'нужно',
  fix: 'исправление',
  at: 'где',
  docs: 'подробнее',
  skipped: 'пропущено',
  clean: 'Всё в порядке.',
  leftOut: 'скрыто через --ignore: {n}',
  counts: {
    error: { one: '{n} ошибка', few: '{n} ошибки', other: '{n} ошибок' },
    warning: { one: '{n} предупреждение', few: '{n} предупреждения', other: '{n} предупреждений' },
    info: { one: '{n} замечание', few: '{n} замечания', other: '{n} замечаний' },
  },
  groups: {
    token: 'Токен, который выдаёт Clerk',
    'auth-config': 'convex/auth.config.ts',
    issuer: 'Переменная окружения с издателем токена',
    keys: 'Ключи и секреты',
    convex: 'Convex',
    webhooks: 'Вебхуки',
    middleware: 'Middleware',
    clerk: 'Связь с Clerk',
    packages: 'Пакеты',
    leftovers: 'Остатки другого экземпляра',
    source: 'Исходный код',
  },
  steps: {
    project: 'Проект',
    packages: 'Пакеты',
    'env-files': 'Файлы окружения',
    'auth-config': 'Convex: auth.config',
    functions: 'Функции и схема Convex',
    providers: 'Провайдеры',
    middleware: 'Middleware',
    'webhook-routes': 'Маршруты вебхуков',
    secrets: 'Секреты в файлах под контролем git',
    'stale-build': 'Сборки',
    'convex-env': 'Переменные окружения в Convex',
    'frontend-api': 'Frontend API Clerk',
    'identity-provider': 'Провайдер идентификации',
    convex: 'Развёртывание Convex',
    webhook: 'Эндпоинт вебхуков',
    'backend-api': 'Backend API Clerk',
    clock: 'Часы',
    'status-page': 'Страница статуса Clerk',
  },
  offline: 'офлайн, сеть не опрашивается',
};

const bn: Labels = {
  seen: 'আছে',
  expected: 'দরকার',
  fix: 'সমাধান',
  at: 'কোথায়',
  docs: 'বিস্তারিত',
  skipped: 'বাদ দেওয়া হয়েছে',
  clean: 'কোনো সমস্যা নেই।',
  leftOut: '--ignore দিয়ে বাদ: {n}টি',
  counts: {
    error: { other: '{n}টি ত্রুটি' },
    warning: { other: '{n}টি সতর্কবার্তা' },
    info: { other: '{n}টি মন্তব্য' },
  },
  groups: {
    token: 'Clerk যে টোকেন তৈরি করে',
    'auth-config': 'convex/auth.config.ts',
    issuer: 'ইস্যুকারীর এনভায়রনমেন্ট ভ্যারিয়েবল',
    keys: 'কী ও গোপন তথ্য',
    convex: 'Convex',
    webhooks: 'ওয়েবহুক',
    middleware: 'মিডলওয়্যার',
    clerk: 'Clerk-এর সঙ্গে সংযোগ',
    packages: 'প্যাকেজ',
    leftovers: 'অন্য ইনস্ট্যান্সের অবশিষ্ট',
    source: 'সোর্স কোড',
  },
  steps: {
    project: 'প্রজেক্ট',
    packages: 'প্যাকেজ',
    'env-files': 'এনভায়রনমেন্ট ফাইল',
    'auth-config': 'Convex-এর auth.config',
    functions: 'Convex-এর ফাংশন ও স্কিমা',
    providers: 'প্রোভাইডার',
    middleware: 'মিডলওয়্যার',
    'webhook-routes': 'ওয়েবহুকের রুট',
    secrets: 'git ট্র্যাক করে এমন ফাইলে গোপন তথ্য',
    'stale-build': 'বিল্ড',
    'convex-env': 'Convex-এর এনভায়রনমেন্ট ভ্যারিয়েবল',
    'frontend-api': 'Clerk-এর Frontend API',
    'identity-provider': 'Identity provider',
    convex: 'Convex ডিপ্লয়মেন্ট',
    webhook: 'ওয়েবহুক এন্ডপয়েন্ট',
    'backend-api': 'Clerk-এর Backend API',
    clock: 'ঘড়ি',
    'status-page': 'Clerk-এর স্ট্যাটাস পেজ',
  },
  offline: 'অফলাইন, নেটওয়ার্কে কিছু জিজ্ঞাসা করা হয় না',
};

export const labels: Readonly<Record<Language, Labels>> = { en, ru, bn };

/** `2 errors`, in the plurals and digits of the language. */
export function counted(language: Language, severity: FindingSeverity, count: number): string {
  const forms = labels[language].counts[severity];
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  return form.replace('{n}', new Intl.NumberFormat(language).format(count));
}
