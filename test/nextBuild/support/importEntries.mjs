// A worker thread of Node: imports each entry that it is given the name of, and says what each exports.
import { register } from 'node:module';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

register('../../packages/asNextResolves.mjs', import.meta.url);
const seen = {};
for (const specifier of workerData) {
  const entry = await import(specifier, { with: specifier.endsWith('.json') ? { type: 'json' } : {} });
  seen[specifier] = Object.keys(entry).sort();
}
parentPort?.postMessage({ isMainThread, seen });
