import { describe, expect, test } from 'vitest';
import { parseYaml } from './parseYaml.ts';

describe('YAML', () => {
  test('is read as far as people nest it', () => {
    expect(parseYaml('a:\n  - { b: [c, "[", d] }\n')).toEqual({ a: [{ b: ['c', '[', 'd'] }] });
    expect(() => parseYaml(`${'['.repeat(250)}${']'.repeat(250)}`)).not.toThrow();
    // Closed again, so never deep.
    expect(parseYaml(`a: ${JSON.stringify(Array.from({ length: 2000 }, () => [{}]))}`)).toBeTruthy();
  });

  // The first ends a process that gives it to yaml 2.9: "RegExpCompiler Allocation failed".
  test.for([
    ['braces', '{"a":'.repeat(5_000)],
    ['brackets', '['.repeat(5_000)],
    ['brackets, a line each', '[\n'.repeat(5_000)],
    ['lists in a line', '- '.repeat(5_000)],
    ['keys in a line', '? '.repeat(5_000)],
    ['indents', Array.from({ length: 1_500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('that is nothing but %s is refused', ([, text]) => {
    expect(() => parseYaml(text as string)).toThrow('it is nested too deep');
  });
});
