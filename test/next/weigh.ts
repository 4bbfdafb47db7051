// Prints what the example weighs with and without the library, of what, and how long each takes to build, five times each: `tsx test/next/weigh.ts 5`.
import { tableOf, tableOfPackages } from '../nextBuild/support/tableOf.ts';
import { weighPackages, weighSides } from '../nextBuild/support/weighSides.ts';

const runs = Number(process.argv[2] ?? 5);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`${process.argv[2]} is no number of builds.`);
console.log(tableOf(await weighSides({ runs })));
console.log(`\n${tableOfPackages(await weighPackages('plain'), await weighPackages('ours'))}`);
