import type { CSSProperties, ReactNode } from 'react';

const page: CSSProperties = {
  minHeight: '100vh',
  boxSizing: 'border-box',
  padding: '1.5rem max(1rem, (100% - 60rem) / 2)',
  font: '0.9375rem / 1.5 system-ui',
  color: 'light-dark(#212126, #f7f7f8)',
  background: 'light-dark(#f7f7f8, #131316)',
};
const note: CSSProperties = {
  margin: '0.75rem 0 0',
  padding: '0.75rem 1rem',
  border: '1px solid light-dark(#d9d9de, #3a3a42)',
  borderRadius: '0.5rem',
};

/** An app for the handler to be seen in. `children` stands where an app would put an inline handler. */
export const AppPage = ({ children }: { readonly children?: ReactNode }): ReactNode => (
  <main style={page}>
    <h1 style={{ margin: '0 0 1rem', font: '600 1.25rem / 1.3 system-ui' }}>Notes</h1>
    {children}
    {['Call the printer about the posters', 'Tickets for Thursday', 'Ask Nadia for the recipe'].map((text) => (
      <p key={text} style={note}>
        {text}
      </p>
    ))}
  </main>
);
