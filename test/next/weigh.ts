// Prints what the example weighs with and without the library, of what, and how long each takes to build: `tsx test/next/weigh.ts`.
import { tableOf, tableOfPackages } from '../nextBuild/support/tableOf.ts';
import { weighPackages, weighSides } from '../nextBuild/support/weighSides.ts';

console.log(tableOf(await weighSides({ runs: 2 })));
console.log(`\n${tableOfPackages(await weighPackages('plain'), await weighPackages('ours'))}`);
