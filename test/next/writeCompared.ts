// Makes docs/next-compared.md anew of test/next/results: `tsx test/next/writeCompared.ts`.
import { writeTable } from './support/comparedTable.ts';

await writeTable();
