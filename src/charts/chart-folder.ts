import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Helm } from './helm';

/** Copies of charts, ready to be rendered: with their dependencies, and without touching what they are copies of. */
export class ChartCopies {
  private readonly copies = new Map<string, Promise<string | { readonly failure: string }>>();

  /**
   * @param root platform folder
   * @param scratch empty folder for the copies
   */
  public constructor(
    private readonly root: string,
    private readonly scratch: string,
    private readonly helm: Helm,
  ) {}

  /**
   * The copy of a chart, made once.
   *
   * @param folder path from the platform folder
   * @param ownValues whether the chart's own values.yaml counts; Flux leaves it out where a HelmRelease names files of values
   * @returns its absolute path, or why it cannot be rendered
   */
  public get(folder: string, ownValues: boolean): Promise<string | { readonly failure: string }> {
    const key = JSON.stringify([folder, ownValues]);
    const copy = this.copies.get(key) ?? this.make(folder, ownValues, path.join(this.scratch, String(this.copies.size)));
    this.copies.set(key, copy);
    return copy;
  }

  private async make(folder: string, ownValues: boolean, target: string): Promise<string | { readonly failure: string }> {
    const source = path.join(this.root, folder);
    if (!fs.existsSync(path.join(source, 'Chart.yaml')))
      return { failure: `there is no chart in ${folder}: Chart.yaml is missing` };
    // A dependency `file://../other` is looked for beside the chart.
    const beside = path.dirname(source);
    const name = path.basename(source);
    for (const sibling of fs.readdirSync(beside)) {
      if (sibling !== name && !fs.existsSync(path.join(beside, sibling, 'Chart.yaml'))) continue;
      fs.cpSync(path.join(beside, sibling), path.join(target, sibling), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (file) => path.basename(file) !== '.git',
      });
    }
    const copy = path.join(target, name);
    const built = await this.helm.buildDependencies(copy);
    if (built !== undefined) return { failure: built };
    if (!ownValues) fs.writeFileSync(path.join(copy, 'values.yaml'), '');
    return copy;
  }
}
