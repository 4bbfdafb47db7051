import type { AuthMessages } from 'clerk-convex-resilience';
import { ar } from 'clerk-convex-resilience/locales/ar';
import { bn } from 'clerk-convex-resilience/locales/bn';
import { de } from 'clerk-convex-resilience/locales/de';
import { en } from 'clerk-convex-resilience/locales/en';
import { es } from 'clerk-convex-resilience/locales/es';
import { fr } from 'clerk-convex-resilience/locales/fr';
import { hi } from 'clerk-convex-resilience/locales/hi';
import { ja } from 'clerk-convex-resilience/locales/ja';
import { pt } from 'clerk-convex-resilience/locales/pt';
import { ru } from 'clerk-convex-resilience/locales/ru';
import { zh } from 'clerk-convex-resilience/locales/zh';

const locales = { en, ru, bn, ar, de, es, fr, hi, ja, pt, zh };

/** The languages of the toolbar, each by its own name. */
export const languages = [
  { value: 'en', title: 'English' },
  { value: 'ru', title: 'Русский' },
  { value: 'bn', title: 'বাংলা' },
  { value: 'ar', title: 'العربية' },
  { value: 'de', title: 'Deutsch' },
  { value: 'es', title: 'Español' },
  { value: 'fr', title: 'Français' },
  { value: 'hi', title: 'हिन्दी' },
  { value: 'ja', title: '日本語' },
  { value: 'pt', title: 'Português' },
  { value: 'zh', title: '中文' },
] as const satisfies readonly { readonly value: keyof typeof locales; readonly title: string }[];

export const messagesOf = (language: unknown): AuthMessages => locales[language as keyof typeof locales] ?? en;
