// Which failures no busy machine is to blame for: somebody was signed out, or something ran as nobody or as the last user.

/** Given to `expect` as its message where a test asserts that nothing of the kind happened. */
export const noAccident = 'No accident';

const ofATest = new RegExp(`\\b${noAccident}: `);
const ofARow = /- resilient: .*(signedOutMs|unmounts|anonymousRuns|lateTokens|unhandledRejections) is \d/;

/** May what a test or a row of the fault bench complains of be the machine's? */
export const mayBeAccident = (/** @type {string} */ complaint) => !ofATest.test(complaint) && !ofARow.test(complaint);
