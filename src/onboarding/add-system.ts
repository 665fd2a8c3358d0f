import * as fs from 'node:fs';
import * as path from 'node:path';
import { planWrite, synthesize } from '../../manifests';
import { DNS_LABEL, violation, YamlFile, type PathSegment, type Platform, type Problem } from '../model';
import { writeInput } from './file-change';
import { loadFolder, loadProposed } from './folder-model';
import { inEnvironments, systemFile, unknownEnvironment, type UsageFailure } from './known-system';
import { unusableText } from './one-line';
import { parseImage, TEXT_OPTIONS, type AnswerField, type SystemRequest } from './system-request';
import { systemText } from './system-text';

/** A new system, checked with everything else and not yet written. */
export interface Addition {
  /** The new file, relative to the platform folder. */
  readonly file: string;
  readonly content: string;
  /** The files that `npm start` makes of it. */
  readonly generated: readonly string[];
  /** What to do next. */
  readonly next: readonly string[];
}

type Failure = UsageFailure | { readonly problems: readonly Problem[] };

/**
 * The addition of systems to a platform folder.
 *
 * @throws nothing that the folder or the request is to blame for
 */
export class NewSystem {
  private constructor(
    private readonly directory: string,
    private readonly name: string,
    /** The model as it is. */
    private readonly platform: Platform,
    /** YYYY-MM-DD */
    private readonly today: string,
  ) {}

  /** A system of this name, or why there can be none. */
  public static called(directory: string, name: string, today: string): NewSystem | Failure {
    // Before anything becomes of it, such as a path.
    const broken = violation(DNS_LABEL, name);
    if (broken !== undefined) return { usage: `'${name}' cannot be the name of a system: it ${broken}` };
    const file = systemFile(name);
    const loaded = loadFolder(directory);
    if ('problems' in loaded) return loaded;
    if (fs.lstatSync(path.join(directory, file), { throwIfNoEntry: false }) !== undefined) {
      const remedy = `See \`npx k8s-gitops system show ${name}\`; change the file, or choose another name.`;
      return { problems: [{ location: { file }, message: `there is a system '${name}' already`, remedy }] };
    }
    const probed = loadProposed(directory, { file, content: 'pattern: A\nteam: probe\n' });
    const ofName = 'problems' in probed ? probed.problems.find(({ location }) => isWholeFile(location, file)) : undefined;
    if (ofName !== undefined) return { usage: `${ofName.message}. ${ofName.remedy.replace('Rename the file', 'Choose another name').replace('rename the file', 'choose another name')}` }; // prettier-ignore
    return new NewSystem(directory, name, loaded.platform, today);
  }

  /** The environments that there are, in the order of promotion. */
  public get environments(): readonly string[] {
    return this.platform.environments.map(({ name }) => name);
  }

  /** What is wrong with one answer, whatever else is still missing. */
  public checkAnswer(request: SystemRequest, field: AnswerField): string | undefined {
    const wrong = this.usageOf(request);
    if (wrong !== undefined) return wrong.usage;
    const { file, content, result } = this.propose(request);
    if (!('problems' in result)) return undefined;
    const yaml = YamlFile.parse(content, file);
    const place = FIELD_PATHS[field];
    if (!(yaml instanceof YamlFile) || place === undefined) return undefined;
    const places = [yaml.locateKey(place), yaml.locate(place)];
    const found = result.problems.find(({ location }) =>
      places.some(
        (at) => at !== undefined && location.file === file && location.line === at.line && location.column === at.column,
      ),
    );
    return found === undefined ? undefined : `${found.message}. ${found.remedy}`;
  }

  /** The system with all that was said about it, or what is wrong with that. */
  public plan(request: SystemRequest): Addition | Failure {
    const wrong = this.usageOf(request);
    if (wrong !== undefined) return wrong;
    const { file, content, result } = this.propose(request);
    if ('problems' in result) return result;
    const { platform, unlocked } = result;
    const generated = inEnvironments(platform, this.name).map(
      ({ environment }) => `clusters/${environment}/systems/${this.name}.yaml`,
    );
    const inTheWay = planWrite(platform, synthesize(platform)).problems.filter(({ location }) =>
      generated.includes(location.file),
    );
    if (inTheWay.length > 0) return { problems: inTheWay };
    return { file, content, generated, next: nextSteps(platform, this.name, unlocked) };
  }

  /** Writes the file, whole or not at all. @returns what kept it from that */
  public write({ file, content }: Addition): readonly Problem[] {
    return writeInput(this.directory, { file, after: content });
  }

  private usageOf(request: SystemRequest): UsageFailure | undefined {
    const { environments = [], image } = request;
    for (const [field, option] of TEXT_OPTIONS) {
      const broken = [request[field] ?? []].flat().flatMap((text) => unusableText(text) ?? [])[0];
      if (broken !== undefined) return { usage: `the text of '${option}' cannot be written: ${broken}` };
    }
    const parsed = image === undefined ? undefined : parseImage(image);
    if (parsed !== undefined && 'usage' in parsed) return parsed;
    return unknownEnvironment(this.platform, environments);
  }

  private propose(request: SystemRequest): {
    readonly file: string;
    readonly content: string;
    readonly result: ReturnType<typeof loadProposed>;
  } {
    const file = systemFile(this.name);
    const content = systemText(request, this.today, this.environments);
    return { file, content, result: loadProposed(this.directory, { file, content }) };
  }
}

const isWholeFile = (location: Problem['location'], file: string): boolean =>
  location.file === file && location.line === undefined;

/** What a pattern needs is told at the pattern, and is asked for. */
const FIELD_PATHS: Readonly<Partial<Record<AnswerField, readonly PathSegment[]>>> = {
  team: ['team'],
  sku: ['sku'],
  aadGroupId: ['aadGroupId'],
  image: ['values'],
  chartRepository: ['chart', 'repository'],
  chartVersion: ['chart', 'version'],
  approvedBy: ['approval', 'by'],
  approvalReason: ['approval', 'reason'],
};

function nextSteps(platform: Platform, name: string, unlocked: readonly string[]): readonly string[] {
  const [first] = inEnvironments(platform, name);
  const repository = first?.registration?.git;
  const own = platform.environments.filter(({ systems }) => systems.some((system) => system.name === name));
  const branches = [...new Set(own.map(({ branch }) => branch))].join(', then from there into ');
  return [
    ...(unlocked.length === 0
      ? []
      : [`Run \`npx k8s-gitops upgrade\`, which resolves what the lock lacks: ${unlocked.join(', ')}.`]),
    'Run `npm start`, which makes its files under clusters/, and read `git diff`.',
    ...(repository === undefined
      ? []
      : [
          `Run \`npx k8s-gitops system scaffold ${name} --out ../${repository.repository}\`, make the repository ${repository.url} and push what it made to ${branchesOf(platform, name)}.`,
        ]),
    `Commit, and open a pull request into ${branches}.`,
    ...(repository === undefined || first?.pattern === 'C' ? [] : [beforeSigning(platform, name)]),
  ];
}

/** A pipeline compares what it signs with the registration of one branch, whatever it releases to. */
function beforeSigning({ environments }: Platform, name: string): string {
  const last = environments.at(-1)!;
  return `The pipeline of its repository signs nothing before ${systemFile(name)} is on branch ${last.branch}, that of the last environment (${last.name}): merge it up to there first.`;
}

function branchesOf(platform: Platform, name: string): string {
  const branches = inEnvironments(platform, name).flatMap(({ registration }) =>
    registration === undefined ? [] : [registration.branch],
  );
  const distinct = [...new Set(branches)];
  return `${distinct.length === 1 ? 'the branch' : 'the branches'} ${distinct.join(', ')}`;
}
