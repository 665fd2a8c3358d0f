#!/usr/bin/env node
// Plain JavaScript without dependencies, so that an old Node and a missing `npm ci` get a sentence instead of a stack trace.
const [major, minor] = process.versions.node.split('.').map(Number);
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24)) {
  console.error(`k8s-gitops needs Node 20.19+, 22.12+ or 24+; this is ${process.versions.node}.`);
  process.exit(2);
}
try {
  require.resolve('tsx/cjs');
} catch {
  console.error('k8s-gitops is not installed yet. Run `npm ci` in its folder first.');
  process.exit(2);
}
require('tsx/cjs');
require('../src/cli/main.ts').main();
