import type { CSSProperties, ReactNode } from 'react';
import type { Advice } from './configAdvice.ts';

const look: CSSProperties = {
  padding: '12px 20px',
  borderBottom: '1px solid #b45309',
  background: '#fffbeb',
  color: '#451a03',
  font: '14px/1.5 system-ui, sans-serif',
  overflowWrap: 'anywhere', // names of variables are longer than a phone is wide
};

/**
 * Says on top of the page what has to be set, and how. A server component without a style sheet or a script: it is there
 * when nothing else works. For developers alone: it shows what was seen.
 */
export function ConfigBanner({ advice }: { advice: readonly Advice[] }): ReactNode {
  return (
    <aside aria-label="Settings" lang="en" dir="ltr" data-clerk-convex-config="" style={look}>
      <strong>{advice.length === 1 ? 'A setting is' : 'Settings are'} to be mended, then sign-in works here.</strong>
      {advice.map(({ code, docsUrl, text: { title, seen, fix } }) => (
        <section key={code}>
          <p style={{ margin: '8px 0 0' }}>
            {withCode(title)}
            {seen !== undefined && <> Seen: {withCode(seen)}.</>}{' '}
            <a href={docsUrl} style={{ color: 'inherit' }}>
              {code}
            </a>
          </p>
          <ol style={{ margin: '4px 0 0' }}>
            {fix.map((step) => (
              <li key={step}>{withCode(step)}</li>
            ))}
          </ol>
        </section>
      ))}
    </aside>
  );
}

/** What is between backticks, as code. */
const withCode = (text: string): ReactNode[] =>
  text.split('`').map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, in their order
      <code key={at}>{part}</code>
    ) : (
      part
    ),
  );
