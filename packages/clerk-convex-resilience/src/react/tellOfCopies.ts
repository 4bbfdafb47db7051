import { version as convexVersion } from 'convex';
import { version as reactVersion } from 'react';
import { systemClock } from '../core/clock.ts';
import { type AuthEvent, safely } from '../core/events.ts';
import { finding } from '../diagnosis/findings.ts';
import type { ConvexClerkProviderOptions } from './ConvexClerkProvider.tsx';
import { reported } from './reported.ts';
import { tellOf } from './tellOf.ts';

/** Of what is not in our hands only this is known: that it is there. */
const other = '…';

/** What was told: a provider that throws is rendered again. */
const told = new Set<string>();

/** Tells, once on a page, that there are two copies of a package. Loaded when there are. */
export function tellOfCopies(
  code: 'REACT_DUPLICATED' | 'CONVEX_DUPLICATED',
  { onEvent, logger, development }: ConvexClerkProviderOptions,
): void {
  if (told.has(code)) return;
  told.add(code);
  const ours = code === 'REACT_DUPLICATED' ? reactVersion : convexVersion;
  const found = reported([finding(code, { versions: `${ours}, ${other}` })], development);
  const report = safely(onEvent);
  tellOf(
    {
      report: (body) => report({ at: systemClock.now(), ...body } as AuthEvent),
      logger: () => logger ?? console,
    },
    found,
    [],
  );
}
