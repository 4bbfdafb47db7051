import { fileURLToPath } from 'node:url';

const path = (folder: string) => fileURLToPath(new URL(folder, import.meta.url));

/** Pairs of a version of Next.js and a major of @clerk/nextjs. The example's own first: what most people have; the oldest Next.js that is accepted last. */
export const ids = ['next16-clerk7', 'next16-clerk6', 'next15-clerk7', 'next15-clerk6', 'next15.2-clerk7'] as const;
export type VersionId = (typeof ids)[number];

/** Where a pair is installed. */
export const folderOf = (id: VersionId): string =>
  id === ids[0] ? path('../../../examples/next-app') : path(`../versions/${id}`);

/** What `NEXT` says. */
export const wanted = process.env.NEXT ?? '';

/** The example's own pair; with `NEXT=all` each, with `NEXT=next15-clerk6` (or several, with commas) those. */
export const wantedIds: readonly VersionId[] =
  wanted === '' ? ids.slice(0, 1) : wanted === 'all' ? ids : wanted.split(',').map(find);

function find(text: string): VersionId {
  const id = ids.find((each) => each === text);
  if (!id) throw new Error(`NEXT is "${text}"; use all, or ${ids.join(', ')}.`);
  return id;
}
