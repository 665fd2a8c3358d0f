/** Writes the JSON Schemas of the input files to `schemas/`; with `--check` it fails when the committed ones differ. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { jsonSchemas } from '../src/model';

const check = process.argv.includes('--check');
let different = 0;
for (const [name, content] of Object.entries(jsonSchemas())) {
  const file = path.join(__dirname, '..', 'schemas', name);
  const committed = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  if (committed === content) continue;
  different++;
  if (check) {
    console.error(`schemas/${name} differs from src/model: run \`npm run schemas\` and commit it.`);
  } else {
    fs.writeFileSync(file, content);
    console.log(`wrote schemas/${name}`);
  }
}
if (different === 0) console.log('The schemas are what src/model says.');
process.exitCode = check && different > 0 ? 1 : 0;
