/**
 * The look of the panel. In the code, as `adoptedStyleSheets` takes it: one import, and no Content Security Policy in its way.
 * `revert` keeps the app's own rules out of it. English reads from left to right in any page; the corner is the page's.
 */
export const devtoolsStyles = `
.ccr-dt, .ccr-dt * { all: revert; box-sizing: border-box; }
.ccr-dt {
  --_bg: #fff; --_fg: #212126; --_muted: #5c5c66; --_line: #d9d9de; --_accent: #2f3037; --_on: #fff; --_bad: #b3261e;
  position: fixed; z-index: var(--ccr-devtools-z-index, 9999); display: flex; flex-direction: column; gap: .5rem;
  inline-size: calc(100% - 1rem); pointer-events: none;
  inset-block-end: .5rem; inset-inline-end: .5rem; align-items: end;
  color: var(--_fg); font: 12px/1.45 system-ui, sans-serif; text-align: start;
}
@supports (color: light-dark(#fff, #000)) {
  .ccr-dt {
    --_bg: light-dark(#fff, #1b1b1f); --_fg: light-dark(#212126, #f7f7f8); --_muted: light-dark(#5c5c66, #b7b8c2);
    --_line: light-dark(#d9d9de, #43434c); --_accent: light-dark(#2f3037, #fff); --_on: light-dark(#fff, #212126);
    --_bad: light-dark(#b3261e, #ff9c94);
  }
}
[data-theme="light"] .ccr-dt { color-scheme: light; }
[data-theme="dark"] .ccr-dt { color-scheme: dark; }
.ccr-dt[data-placement$="start"] { inset-inline: .5rem auto; align-items: start; }
.ccr-dt[data-placement^="top"] { inset-block: .5rem auto; flex-direction: column-reverse; }
.ccr-dt > * { pointer-events: auto; }
.ccr-dt button {
  min-block-size: 1.75rem; padding: .125rem .5rem; font: inherit; color: inherit; background: var(--_bg);
  border: 1px solid var(--_line); border-radius: .375rem; cursor: pointer;
}
.ccr-dt button[aria-pressed="true"] { color: var(--_on); background: var(--_accent); border-color: var(--_accent); }
.ccr-dt button:disabled { color: var(--_muted); border-style: dashed; cursor: default; }
.ccr-dt :focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.ccr-dt .ccr-dt-toggle { padding-inline: .75rem; border-radius: 1rem; font-weight: 600; box-shadow: 0 2px 8px rgb(0 0 0 / 20%); }
.ccr-dt-panel {
  inline-size: min(30rem, 100%); max-block-size: min(44rem, 100vh - 4rem); overflow: auto; padding: .75rem;
  background: var(--_bg); border: 1px solid var(--_line); border-radius: .5rem; box-shadow: 0 8px 32px rgb(0 0 0 / 25%);
  overflow-wrap: anywhere;
}
.ccr-dt-panel h2, .ccr-dt-panel h3 { margin: 0; font: inherit; font-weight: 600; }
.ccr-dt-panel h2 { font-size: 14px; }
.ccr-dt-panel h3 { margin-block: .75rem .25rem; }
.ccr-dt-panel p { margin: .25rem 0; color: var(--_muted); }
.ccr-dt fieldset { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
.ccr-dt-row { display: flex; flex-wrap: wrap; gap: .375rem; align-items: center; }
.ccr-dt-head { justify-content: space-between; }
.ccr-dt-panel dl { display: grid; grid-template-columns: minmax(5rem, max-content) minmax(0, 1fr); gap: .125rem .75rem; margin: 0; }
.ccr-dt-panel dt { color: var(--_muted); }
.ccr-dt-panel dd { margin: 0; }
.ccr-dt-panel code, .ccr-dt-log { font: 11px/1.5 ui-monospace, monospace; }
.ccr-dt-panel ul, .ccr-dt-panel ol { margin: 0; padding: 0; list-style: none; }
.ccr-dt-finding { color: var(--_bad); }
.ccr-dt-log { block-size: 14rem; margin-block: .375rem; padding: .375rem; overflow: auto; border: 1px solid var(--_line); border-radius: .375rem; }
.ccr-dt-log time { margin-inline-end: .75em; color: var(--_muted); white-space: pre; }
.ccr-dt-panel textarea { display: block; inline-size: 100%; block-size: 10rem; margin-block-start: .375rem; font: 11px/1.5 ui-monospace, monospace; color: inherit; background: inherit; border: 1px solid var(--_line); }
`;
