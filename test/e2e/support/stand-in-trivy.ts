import * as fs from 'node:fs';
import * as path from 'node:path';
import { temporaryFolder } from '../../support/platform-folder';

/** Trivy cannot be built from its Go module, so this answers in its place with recorded reports, and keeps what it was asked. */
export interface StandInTrivy {
  /** Folder to put on PATH. */
  readonly folder: string;
  /** The command lines that it got. */
  calls(): readonly (readonly string[])[];
  /** Environment variables of the last call. */
  lastEnvironment(): Readonly<Record<string, string>>;
}

/** What it answers. */
export interface Answers {
  /** Recorded report by the last part of the repository. @default - a report without findings */
  readonly reports?: Readonly<Record<string, string>>;
  /** Age of the vulnerability database. @default 2026-11-21T06:00:00Z */
  readonly databaseUpdatedAt?: string;
  /** Fails the download of the databases with these words. @default - it succeeds */
  readonly databaseError?: string;
}

const RECORDED = path.join(__dirname, '..', '..', 'fixtures', 'trivy');

export function standInTrivy(answers: Answers = {}): StandInTrivy {
  const folder = temporaryFolder();
  const log = path.join(folder, 'calls.log');
  const script = `#!${process.execPath}
const fs = require('node:fs');
const answers = ${JSON.stringify({ ...answers, recorded: RECORDED, log })};
const args = process.argv.slice(2);
fs.appendFileSync(answers.log, JSON.stringify({ args, environment: process.env, cwd: process.cwd() }) + '\\n');
const option = (name) => args[args.indexOf(name) + 1];
if (args[0] === 'version') {
  console.log(JSON.stringify({ Version: '0.69.3', VulnerabilityDB: { Version: 2, UpdatedAt: answers.databaseUpdatedAt ?? '2026-11-21T06:00:00Z' } }));
} else if (args.includes('--download-db-only') || args.includes('--download-java-db-only')) {
  if (answers.databaseError !== undefined) { console.error('FATAL\\tFatal error\\t' + answers.databaseError); process.exit(1); }
} else if (option('--format') === 'cyclonedx') {
  fs.writeFileSync(option('--output'), JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component: { name: args.at(-1) } }, components: [] }));
} else {
  const reference = args.at(-1);
  const name = reference.split('@')[0].split('/').at(-1);
  const report = fs.readFileSync(answers.recorded + '/' + (answers.reports?.[name] ?? 'clean.json'), 'utf8');
  fs.writeFileSync(option('--output'), report.replaceAll('REFERENCE', reference));
}
`;
  fs.writeFileSync(path.join(folder, 'trivy'), script, { mode: 0o755 });
  const entries = (): readonly { readonly args: string[]; readonly environment: Record<string, string> }[] =>
    fs.existsSync(log)
      ? fs
          .readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { args: string[]; environment: Record<string, string> })
      : [];
  return {
    folder,
    calls: () => entries().map(({ args }) => args),
    lastEnvironment: () => entries().at(-1)?.environment ?? {},
  };
}
