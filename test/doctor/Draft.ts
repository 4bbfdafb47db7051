import type { FindingCode, NetworkEvidence, RuntimeEvidence, TokenEvidence } from 'clerk-convex-resilience/diagnosis';
import type { CleanProject } from './projects/CleanProject.ts';

/** When all evidence was gathered, in milliseconds since the epoch: tokens are as old as they say. */
export const takenAt = Date.now();

/** A project on its way to being wrong: what there is of it besides its name. */
export interface Draft {
  readonly project: CleanProject;
  readonly files: Map<string, string>;
  readonly deploymentEnv: Record<string, string>;
  network: NetworkEvidence;
  /** Lines of a log that the doctor is given. */
  readonly log: string[];
  token?: TokenEvidence;
  runtime?: RuntimeEvidence;
  /** Files that are never added to git. */
  readonly notAdded: Set<string>;
  /** How long ago a file was written, in seconds; the others are as old as each other. */
  readonly ages: Map<string, number>;
  /** It is a git repository. Without one, what git would say is worked out from .gitignore. */
  inGit: boolean;
  /** As `--env-file`. */
  envFile?: string;
}

/** A part of a project that a mutation changes, or that decides what is found in it. Two that share one do not go together. */
type Part =
  | 'publishable key'
  | 'secret key'
  | 'issuer'
  | 'auth config'
  | 'template'
  | 'convex url'
  | 'deployment name'
  | 'webhook handler'
  | 'webhook secret'
  | 'webhook answer'
  | 'middleware'
  | 'frontend api'
  | 'identity provider'
  | 'convex answer'
  | 'backend api'
  | 'incidents'
  | 'clock'
  | 'clerk package'
  | 'react package'
  | 'convex package'
  | 'next package'
  | 'provider'
  | 'schema'
  | 'functions'
  | 'git'
  | 'build'
  | 'env file'
  | 'token'
  | 'log'
  | 'page';

/** One thing made wrong, and what the doctor must say of it: this, and nothing else. */
export interface Mutation {
  readonly name: string;
  readonly codes: readonly FindingCode[];
  readonly parts: readonly Part[];
  /** @defaultValue every project */
  readonly fits?: (project: CleanProject) => boolean;
  /** What comes of it, and so is not said beside it. @defaultValue nothing */
  readonly hides?: (project: CleanProject) => readonly FindingCode[];
  readonly make: (draft: Draft) => void;
}

export const draftOf = (project: CleanProject): Draft => ({
  project,
  files: new Map(Object.entries(project.files)),
  deploymentEnv: { ...project.deploymentEnv },
  network: project.network,
  log: [],
  notAdded: new Set(),
  inGit: true,
  ages: new Map(),
});

/** Replaces what stands in a file. It must stand there: a mutation that changes nothing proves nothing. */
export function edit(draft: Draft, file: string, from: string | RegExp, to: string): void {
  const text = textOf(draft, file);
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`${draft.project.name}: ${file} holds no ${String(from)}`);
  draft.files.set(file, changed);
}

export function textOf(draft: Draft, file: string): string {
  const text = draft.files.get(file);
  if (text === undefined) throw new Error(`${draft.project.name} has no ${file}`);
  return text;
}

/** Sets a variable in the app's env file. */
export function setEnv(draft: Draft, name: string, value: string): void {
  const { envFile } = draft.project;
  const line = new RegExp(`^${name}=.*$`, 'm');
  const text = draft.files.get(envFile) ?? '';
  draft.files.set(
    envFile,
    line.test(text) ? text.replace(line, () => `${name}=${value}`) : `${text}${name}=${value}\n`,
  );
}

export const dropEnv = (draft: Draft, name: string, file = draft.project.envFile): void =>
  edit(draft, file, new RegExp(`^${name}=.*\n`, 'm'), '');

/** Installs another version of a package in the app's folder: package.json, lockfile and node_modules say the same. */
export function setVersion(draft: Draft, name: string, version: string): void {
  const { app } = draft.project;
  const stub = `${app}node_modules/${name}/package.json`;
  const old = (JSON.parse(textOf(draft, stub)) as { version: string }).version;
  edit(draft, stub, `"version": "${old}"`, `"version": "${version}"`);
  edit(draft, `${app}package.json`, `"${name}": "^${old}"`, `"${name}": "^${version}"`);
  for (const lock of ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock']) {
    const text = draft.files.get(lock);
    if (text === undefined) continue;
    draft.files.set(
      lock,
      text
        // npm
        .replace(`"${name}": "^${old}"`, `"${name}": "^${version}"`)
        .replace(
          `"node_modules/${name}": {\n      "version": "${old}"`,
          `"node_modules/${name}": {\n      "version": "${version}"`,
        )
        // pnpm
        .replaceAll(
          `'${name}':\n        specifier: ^${old}\n        version: ${old}`,
          `'${name}':\n        specifier: ^${version}\n        version: ${version}`,
        )
        .replaceAll(`'${name}@${old}'`, `'${name}@${version}'`)
        // Yarn 1
        .replace(`"${name}@^${old}":\n  version "${old}"`, `"${name}@^${version}":\n  version "${version}"`),
    );
  }
}

/** Gives a package of the app's a copy of its own of another package, as an install does whose ranges do not meet. */
export function addCopy(draft: Draft, name: string, version: string, owner = 'some-chat-widget'): void {
  const { app } = draft.project;
  const stub = (manifest: object) => `${JSON.stringify(manifest, null, 2)}\n`;
  const inner = `${app}node_modules/${owner}`;
  const asks = { name: owner, version: '1.2.0', dependencies: { [name]: version } };
  draft.files.set(`${inner}/package.json`, stub(asks));
  draft.files.set(`${inner}/node_modules/${name}/package.json`, stub({ name, version }));
  edit(draft, `${app}package.json`, '"dependencies": {', `"dependencies": {\n    "${owner}": "^1.2.0",`);
  const lock = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'].find((file) => draft.files.has(file)) ?? '';
  if (lock === 'package-lock.json') {
    edit(
      draft,
      lock,
      '  "packages": {',
      `  "packages": {
    "node_modules/${owner}": { "version": "1.2.0", "dependencies": { "${name}": "${version}" } },
    "node_modules/${owner}/node_modules/${name}": { "version": "${version}" },`,
    );
  } else if (lock === 'yarn.lock') {
    draft.files.set(
      lock,
      `${textOf(draft, lock)}
"${name}@${version}":
  version "${version}"

"${owner}@^1.2.0":
  version "1.2.0"
  dependencies:
    "${name}" "${version}"
`,
    );
  } else {
    const importer = app === '' ? '.' : app.slice(0, -1);
    edit(
      draft,
      lock,
      `  ${importer}:\n    dependencies:\n`,
      `  ${importer}:\n    dependencies:\n      ${owner}:\n        specifier: ^1.2.0\n        version: 1.2.0\n`,
    );
    edit(
      draft,
      lock,
      '\npackages:\n',
      `\npackages:\n\n  '${name}@${version}':\n    resolution: {integrity: sha512-none}\n\n  ${owner}@1.2.0:\n    resolution: {integrity: sha512-none}\n`,
    );
    edit(
      draft,
      lock,
      '\nsnapshots:\n',
      `\nsnapshots:\n\n  '${name}@${version}': {}\n\n  ${owner}@1.2.0:\n    dependencies:\n      ${name}: ${version}\n`,
    );
  }
}
