import { describe, expect, it } from 'vitest';
import { show, showAll } from './show.ts';

const token = `eyJ${'a'.repeat(40)}.eyJ${'b'.repeat(40)}.${'c'.repeat(40)}`;

describe('show', () => {
  it.each<[string, unknown, string]>([
    ['a text', 'convex', 'convex'],
    ['a text with a token', `with ${token}, twice`, 'with …, twice'],
    ['what is no text', { a: 1 }, '{"a":1}'],
    ['nothing', undefined, 'none'],
    ['a long text', 'word '.repeat(60), `${'word '.repeat(40)}…`],
  ])('%s', (_name, value, expected) => {
    expect(show(value)).toBe(expected);
  });

  it('leaves no half of a token that stands where it stops reading', () => {
    // What was redacted before brings the end of what is read into what is shown.
    const text = `${`${token} `.repeat(15)}${token}`;
    expect(text.length).toBeGreaterThan(2000);
    expect(show(text)).not.toMatch(/eyJ/);
  });
});

describe('showAll', () => {
  it('shows each once', () => {
    expect(showAll(['a', 'b', 'a'])).toBe('a, b');
    expect(showAll([])).toBe('none');
  });
});
