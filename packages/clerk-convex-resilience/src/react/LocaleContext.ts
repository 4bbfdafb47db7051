'use client';
import { createContext } from 'react';
import type { AuthMessages } from '../locales/messages.ts';

/** The language of everything below a provider that was given one. */
export const LocaleContext = createContext<AuthMessages | undefined>(undefined);
