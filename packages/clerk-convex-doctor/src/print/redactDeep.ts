import { redactText } from 'clerk-convex-resilience/diagnosis';

/** The same data with every text of it redacted, so that what is written as JSON stays JSON. */
export function redactDeep(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [redactText(name), redactDeep(part)]));
}
