#!/usr/bin/env -S node --
// Without the `--`, Node (20 to 24, nodejs/node#54232) takes an `--env-file` of ours for its own: it loads the file, with the code
// that a NODE_OPTIONS in it names, before a line of this one is run.
import '../dist/cli.js';
