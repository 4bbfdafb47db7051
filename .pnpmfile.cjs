// `pnpm bench:faults --json` prints JSON and nothing else: without this, pnpm's own two lines stand before it.
const printsJson = process.argv.includes('bench:faults') && process.argv.includes('--json');

module.exports = {
  hooks: { updateConfig: (config) => (printsJson ? { ...config, reporter: 'silent' } : config) },
};
