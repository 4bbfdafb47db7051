'use client';
import { createContext } from 'react';
import type { AuthMessages } from '../locales/messages.ts';

/** The language of everything below a provider that was given one. */
export const LocaleContext = createContext<AuthMessages | undefined>(undefined);

/** What the app says of who looks at everything below a provider: a developer, or anybody. */
export const DevelopmentContext = createContext<boolean | undefined>(undefined);
