import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { recordAt, textAt, listAt } from '../model';

/** A copy of a chart, or why it cannot be rendered. */
export type ChartCopy = { readonly folder: string } | { readonly failure: string };

/** Copies of charts, ready to be rendered: with their dependencies, and without touching what they are copies of. */
export class ChartCopies {
  private readonly copies = new Map<string, ChartCopy>();

  /**
   * @param root platform folder
   * @param scratch folder for the copies
   */
  public constructor(
    private readonly root: string,
    private readonly scratch: string,
  ) {}

  /**
   * The copy of a chart, made once.
   *
   * @param folder path from the platform folder
   * @param within folder out of which nothing of the chart may lead: the repository that Flux reads
   * @param ownValues whether the chart's own values.yaml counts; Flux leaves it out where a HelmRelease names files of values
   */
  public get(folder: string, within: string, ownValues: boolean): ChartCopy {
    const key = JSON.stringify([folder, ownValues]);
    const known = this.copies.get(key);
    if (known !== undefined) return known;
    const target = path.join(this.scratch, String(this.copies.size), path.posix.basename(path.posix.normalize(folder)));
    const failure = this.copy(folder, within, target, []);
    if (failure === undefined && !ownValues) fs.writeFileSync(path.join(target, 'values.yaml'), '');
    const copy = failure === undefined ? { folder: target } : { failure };
    this.copies.set(key, copy);
    return copy;
  }

  /** @returns why not */
  private copy(folder: string, within: string, target: string, above: readonly string[]): string | undefined {
    const normal = path.posix.normalize(folder);
    if (!isWithin(normal, within)) return `the chart ${folder} is not in the repository that Flux reads it from`;
    if (above.includes(normal)) return `the chart ${folder} depends on itself`;
    const source = path.join(this.root, normal);
    if (fs.lstatSync(path.join(source, 'Chart.yaml'), { throwIfNoEntry: false })?.isFile() !== true) {
      return `there is no chart in ${folder}: Chart.yaml is missing`;
    }
    const irregular = copyRegular(source, target);
    if (irregular !== undefined)
      return `${path.posix.join(normal, irregular)} is neither a file nor a folder; Flux leaves links out`;
    return this.addDependencies(normal, within, target, [...above, normal]);
  }

  /** Brings what stands beside the chart into its folder `charts/`, as Flux does; everything else has to be there. */
  private addDependencies(folder: string, within: string, target: string, above: readonly string[]): string | undefined {
    const dependencies = dependenciesOf(path.join(target, 'Chart.yaml'));
    if (typeof dependencies === 'string') return `${folder}/Chart.yaml ${dependencies}`;
    for (const { name, repository } of dependencies) {
      const beside = /^file:\/\/(.+)$/.exec(repository)?.[1];
      const place = path.join(target, 'charts', name);
      if (beside !== undefined) {
        fs.rmSync(place, { recursive: true, force: true });
        for (const archive of archivesOf(target, name)) fs.rmSync(archive);
        const failure = this.copy(path.posix.join(folder, beside), within, place, above);
        if (failure !== undefined) return failure;
      } else if (!fs.existsSync(place) && archivesOf(target, name).length === 0) {
        const from = repository === '' ? '' : ` of ${repository}`;
        return `its dependency ${name}${from} is not in ${folder}/charts, and nothing is fetched here`;
      }
    }
    return undefined;
  }
}

const isWithin = (folder: string, within: string): boolean => {
  const boundary = path.posix.normalize(within);
  return folder === boundary || folder.startsWith(`${boundary}/`);
};

/** Copies a folder without what is no regular file. @returns the first entry that is neither file nor folder */
function copyRegular(source: string, target: string, below = ''): string | undefined {
  fs.mkdirSync(path.join(target, below), { recursive: true });
  for (const entry of fs.readdirSync(path.join(source, below), { withFileTypes: true })) {
    const name = path.posix.join(below, entry.name);
    if (entry.name === '.git') continue;
    if (entry.isFile()) {
      fs.copyFileSync(path.join(source, name), path.join(target, name));
    } else if (entry.isDirectory()) {
      const irregular = copyRegular(source, target, name);
      if (irregular !== undefined) return irregular;
    } else {
      return name;
    }
  }
  return undefined;
}

interface Dependency {
  readonly name: string;
  readonly repository: string;
}

/** What a chart depends on, or what is wrong with its Chart.yaml. */
function dependenciesOf(file: string): readonly Dependency[] | string {
  let content: unknown;
  try {
    content = parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return 'is not valid YAML';
  }
  const dependencies: Dependency[] = [];
  for (const entry of listAt(recordAt(content), 'dependencies')) {
    const name = textAt(entry, 'name');
    if (name === undefined || !/^[a-zA-Z0-9._-]+$/.test(name) || /^\.+$/.test(name))
      return 'has a dependency without a usable name';
    dependencies.push({ name, repository: textAt(entry, 'repository') ?? '' });
  }
  return dependencies;
}

/** Packages of a dependency in the folder of a chart. */
function archivesOf(chart: string, name: string): readonly string[] {
  const folder = path.join(chart, 'charts');
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((file) => file.startsWith(`${name}-`) && /^-v?\d[^/]*\.tgz$/.test(file.slice(name.length)))
    .map((file) => path.join(folder, file));
}
