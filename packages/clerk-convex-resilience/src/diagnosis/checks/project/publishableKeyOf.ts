import { type PublishableKey, parsePublishableKey } from '../../../config/publishableKey.ts';
import type { EnvVariable, ProjectEvidence } from '../../evidence.ts';
import { usesClerkIntegration } from './packageUse.ts';
import { appVariable, isPublicName, publicName } from './variables.ts';

/** The publishable key that the app needs, and what it has. */
export interface PublishableKeyInUse {
  /** The variable that should hold it. */
  readonly name: string;
  /** The variable that does, which may be another one. Absent: there is no key. */
  readonly variable?: EnvVariable;
  /** The browser can read it there. */
  readonly isExposed: boolean;
  /** It stands in the code, and in no variable. */
  readonly isWrittenOut?: true;
  /** Null: it is no publishable key. */
  readonly parsed: PublishableKey | null;
}

const isItsName = (name: string): boolean => name.includes('CLERK') && name.includes('PUBLISHABLE');

/** Names of the key that something hands on to the browser: they count where they are set. */
const handedNames = (project: ProjectEvidence): readonly string[] =>
  (project.source.handedOn ?? []).filter((name) => isItsName(name) && appVariable(project, [name]) !== undefined);

/** The variables that may hold the key, in the order of their trial; none: nothing here says that the app needs one. */
const neededNames = (project: ProjectEvidence): readonly string[] => [...askedNames(project), ...handedNames(project)];

function askedNames(project: ProjectEvidence): readonly string[] {
  const read = project.source.readsEnv.filter(isItsName);
  if (read.length > 0) return read;
  if (!usesClerkIntegration(project)) {
    // Nothing is seen to read it, and it is there for a browser: what it holds can be judged.
    const given = project.env.find(({ name, value }) => isItsName(name) && isPublicName(name) && value.trim() !== '');
    return given ? [given.name] : [];
  }
  const name = publicName(project.framework, 'CLERK_PUBLISHABLE_KEY');
  // @clerk/tanstack-react-start hands what its server reads on to the browser.
  return project.framework === 'tanstack-start' ? [name, 'CLERK_PUBLISHABLE_KEY'] : [name];
}

/** A name without any prefix is kept from the browser; where there is a server, that may read it and hand it on. */
const isReadable = ({ framework, source }: ProjectEvidence, name: string): boolean =>
  (framework !== 'vite' && framework !== 'expo') || isPublicName(name) || source.handedOn?.includes(name) === true;

/** Null: nothing says that the app needs one. */
export function publishableKeyOf(project: ProjectEvidence): PublishableKeyInUse | null {
  const { writtenKey } = project.source;
  // An option of the provider's counts before any variable, unless it is what somebody has made up for a test.
  const written = writtenKey ? parsePublishableKey(writtenKey.value) : null;
  if (writtenKey && written)
    return { name: writtenKey.name, variable: writtenKey, isExposed: true, isWrittenOut: true, parsed: written };
  const [first, ...rest] = neededNames(project);
  if (first === undefined) return null;
  const name = isReadable(project, first) ? first : publicName(project.framework, first);
  const found = appVariable(project, [first, ...rest]);
  const elsewhere = project.env.find(
    (other) => other.value.trim() !== '' && (isItsName(other.name) || parsePublishableKey(other.value) !== null),
  );
  const variable = found ?? elsewhere;
  if (!variable) return { name, isExposed: false, parsed: null };
  const isHandedOn = project.source.handedOn?.includes(variable.name) === true;
  const isExposed = isHandedOn || (found !== undefined && isReadable(project, found.name));
  return { name: isExposed ? variable.name : name, variable, isExposed, parsed: parsePublishableKey(variable.value) };
}
