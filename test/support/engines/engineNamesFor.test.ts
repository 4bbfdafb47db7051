import { expect, it } from 'vitest';
import { engineNamesFor } from './engineNamesFor.ts';

it('covers all engines in CI, those that were asked for elsewhere, and refuses one that it does not know', () => {
  const all = ['chromium', 'firefox', 'webkit'];
  expect(engineNamesFor({ CI: 'true' })).toEqual(all);
  expect(engineNamesFor({ ENGINES: 'all' })).toEqual(all);
  expect(engineNamesFor({ ENGINES: 'webkit,chromium', CI: 'true' })).toEqual(['chromium', 'webkit']);
  expect(engineNamesFor({})).toContain('chromium');
  expect(() => engineNamesFor({ ENGINES: 'safari' })).toThrow('"safari"');
});
