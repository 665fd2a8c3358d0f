/** Writes what is made from the model: JSON Schemas of the input files, and files of the charts, the table of SKUs; with `--check` it fails when they differ. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { chartFiles, jsonSchemas, skuPage } from '../src/model';

const check = process.argv.includes('--check');
const files = [
  ...Object.entries(jsonSchemas()).map(([name, content]) => [`schemas/${name}`, content] as const),
  ['docs/skus.md', skuPage()] as const,
  ...Object.entries(chartFiles()).map(([name, content]) => [`charts/${name}`, content] as const),
];
let different = 0;
for (const [name, content] of files) {
  const file = path.join(__dirname, '..', name);
  const committed = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  if (committed === content) continue;
  different++;
  if (check) {
    console.error(`${name} differs from src/model: run \`npm run schemas\` and commit it.`);
  } else {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    console.log(`wrote ${name}`);
  }
}
if (different === 0) console.log('They are what src/model says.');
process.exitCode = check && different > 0 ? 1 : 0;
