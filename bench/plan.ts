/**
 * What it costs to evaluate a stack's program, against an empty Pulumi program evaluated the same way: whole processes, in turns, in one run.
 *
 * npm run bench:plan
 */
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

const RUNS = 9;
const REPOSITORY = path.join(__dirname, '..');

/** Evaluates nothing, by the same evaluator, which has loaded all that it works with. */
const EMPTY = `
require('tsx/cjs');
require('./infra/plan/plan-stack.ts');
const { evaluate } = require('./infra/plan/evaluate.ts');
const { PlanMonitor } = require('./infra/plan/plan-monitor.ts');
const none = { known: () => undefined, lookUp: () => { throw new Error('nothing is asked'); } };
evaluate(async () => ({}), new PlanMonitor('empty', 'empty', none)).then(report);
`;

/** Loads the model and evaluates one stack. */
const STACK = `
require('tsx/cjs');
const { load } = require('./src/model/index.ts');
const { planStack } = require('./infra/plan/plan-stack.ts');
const { platform } = load('.');
const environment = platform.environments.find(({ stack }) => stack !== undefined);
planStack({ platform, environment, settings: environment.stack }).then(report);
`;

/** What one process cost. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly mebibytes: number;
}

const REPORT = `
function report() {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e3, mebibytes: maxRSS / 1024 }));
}
`;

function measure(program: string): Cost {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', REPORT + program], { cwd: REPOSITORY, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { wall: performance.now() - start, ...(JSON.parse(stdout) as Omit<Cost, 'wall'>) };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const costs = { empty: [] as Cost[], stack: [] as Cost[] };
// The first of each fills the cache of the transpiler.
for (const program of [EMPTY, STACK]) measure(program);
for (let run = 0; run < RUNS; run++) {
  costs.empty.push(measure(EMPTY));
  costs.stack.push(measure(STACK));
}

console.log(`whole processes, median of ${RUNS}\n`);
console.log('                 wall       CPU        memory');
for (const [name, figures] of Object.entries(costs)) {
  const of = (key: keyof Cost): string => median(figures.map((figure) => figure[key])).toFixed(0);
  console.log(`${name.padEnd(15)} ${of('wall').padStart(5)} ms  ${of('cpu').padStart(5)} ms  ${of('mebibytes').padStart(5)} MiB`);
}
const ratio = (key: keyof Cost): string =>
  (median(costs.stack.map((cost) => cost[key])) / median(costs.empty.map((cost) => cost[key]))).toFixed(2);
console.log(
  `${'ratio'.padEnd(15)} ${ratio('wall').padStart(5)}     ${ratio('cpu').padStart(5)}     ${ratio('mebibytes').padStart(5)}`,
);
