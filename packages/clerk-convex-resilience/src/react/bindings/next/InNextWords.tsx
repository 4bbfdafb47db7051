'use client';
import { type ReactNode, useContext, useMemo } from 'react';
import type { ConfigProblem } from '../../../core/health.ts';
import type { Finding } from '../../../diagnosis/findings.ts';
import { ConfigFindingsContext, ConfigProblemsContext } from '../../useAuthHealth.ts';
import { variables } from './variables.ts';

type Fallback = ReactNode | ((problems: readonly ConfigProblem[]) => ReactNode);

/**
 * The fallback of a provider that has no usable settings, where they are named as a Next.js app has them: what
 * `useAuthHealth()` and the handler say is then what the banner says.
 */
export function InNextWords({
  problems,
  fallback,
}: {
  problems: readonly ConfigProblem[];
  fallback: Fallback;
}): ReactNode {
  const named = useMemo(
    () => problems.map((problem) => ({ ...problem, message: problem.message.replaceAll('VITE_', 'NEXT_PUBLIC_') })),
    [problems],
  );
  const findings = useContext(ConfigFindingsContext);
  const namedFindings = useMemo(() => findings?.map(inNextWords), [findings]);
  return (
    <ConfigProblemsContext.Provider value={named}>
      <ConfigFindingsContext.Provider value={namedFindings}>
        {typeof fallback === 'function' ? fallback(named) : fallback}
      </ConfigFindingsContext.Provider>
    </ConfigProblemsContext.Provider>
  );
}

function inNextWords(found: Finding): Finding {
  const { name } = found.args as { readonly name?: string };
  const args = { ...found.args, ...(name !== undefined && { name: variables[name] ?? name }) };
  return { ...found, args } as Finding;
}
