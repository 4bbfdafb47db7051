import { en } from './en.ts';
import type { AuthMessages } from './messages.ts';

// What translators meet; checked by `pnpm typecheck`.

en satisfies AuthMessages;

const { offline: _offline, ...incomplete } = en;
// @ts-expect-error -- a text is missing
incomplete satisfies AuthMessages;

// @ts-expect-error -- a text that no locale has
({ ...en, ofline: 'No internet' }) satisfies AuthMessages;

({ ...en, next_try: 'Noch {duration} bis zum nächsten Versuch.' }) satisfies AuthMessages;
// @ts-expect-error -- no place for the time
({ ...en, next_try: 'Trying again soon.' }) satisfies AuthMessages;

({ offline: 'No internet' }) satisfies Partial<AuthMessages>;
