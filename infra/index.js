// What `pulumi` runs. Plain JavaScript, so that the TypeScript is loaded the same way everywhere: by tsx, without a type check in between.
require('tsx/cjs');
module.exports = require('./main.ts').main;
