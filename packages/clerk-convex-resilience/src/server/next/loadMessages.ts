import type { AuthMessages } from '../../locales/messages.ts';
import { chooseLanguage } from './chooseLanguage.ts';

/** Each is loaded when somebody is to read it. */
const locales = {
  en: async () => (await import('../../locales/en.ts')).en,
  ru: async () => (await import('../../locales/ru.ts')).ru,
  bn: async () => (await import('../../locales/bn.ts')).bn,
  ar: async () => (await import('../../locales/ar.ts')).ar,
  es: async () => (await import('../../locales/es.ts')).es,
  de: async () => (await import('../../locales/de.ts')).de,
  fr: async () => (await import('../../locales/fr.ts')).fr,
  pt: async () => (await import('../../locales/pt.ts')).pt,
  hi: async () => (await import('../../locales/hi.ts')).hi,
  ja: async () => (await import('../../locales/ja.ts')).ja,
  zh: async () => (await import('../../locales/zh.ts')).zh,
} satisfies Record<string, () => Promise<AuthMessages>>;

/** The texts in the language that the reader likes best. */
export function loadMessages(acceptLanguage: string | null): Promise<AuthMessages> {
  return locales[chooseLanguage(acceptLanguage, Object.keys(locales) as (keyof typeof locales)[])]();
}
