// What `pulumi` runs of the policy pack, which calls the function that it gets. It is no `index.js`: beside `index.ts`, Node and jest would
// take it for the rules. TypeScript is loaded by tsx, as in `infra/index.js`; Pulumi registers a slower loader, which type-checks, before.
require('tsx/cjs');
module.exports = require('./pack.ts').startPack;
