export const languages = ['en', 'ru', 'bn'] as const;
export type Language = (typeof languages)[number];
