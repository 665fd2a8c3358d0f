import { hasTenant } from '../../../manifests';
import { APP_CHART, azureDevOpsProject, PATTERN_C_KINDS } from '../../model';
import { hasPipeline, PIPELINE_FILE, templateOf } from './application-pipeline';
import { imageRepository } from './image-repository';
import { buildsImage, CHART_FOLDER, hasOwnChart, inFolder, tagFile, TAG_MARK, valuesFile } from './release-kind';
import { type ScaffoldFile } from './scaffold-file';
import { type Place, type SystemRepository } from './system-repository';

/** What the repository is, for whoever opens it. */
export function readme(repository: SystemRepository): ScaffoldFile {
  const sections = [
    introduction(repository),
    owners(repository),
    branches(repository),
    versions(repository),
    pipeline(repository),
    testing(repository),
    limits(repository),
  ];
  return { path: 'README.md', content: `${sections.filter((section) => section !== '').join('\n\n')}\n`, editedBy: 'nobody' };
}

function introduction({ summary, git, places }: SystemRepository): string {
  const { system } = places[0];
  const what =
    system.pattern === 'C'
      ? 'It holds objects of the cluster (pattern C)'
      : system.helmRelease !== undefined
        ? 'It holds what the system needs beside its release, which the platform owns'
        : system.pattern === 'A'
          ? 'It holds its chart and the values of each environment (pattern A)'
          : `It holds a release of the central chart \`${APP_CHART}\` for each environment (pattern B)`;
  const only = places.every(({ folder }) => folder === undefined);
  return `# ${git.repository}

The system \`${summary.name}\` of team ${summary.team}. ${
    only ? 'It holds the source of its image and its chart; Flux reads nothing here, the platform owns the release' : what
  }.`;
}

function owners({ summary, places }: SystemRepository): string {
  const { system } = places[0];
  const rows: (readonly [string, string])[] = [];
  if (places.some((place) => hasOwnChart(place.system))) rows.push([`\`${CHART_FOLDER}/\``, `team ${summary.team}`]);
  if (buildsImage(system)) rows.push(['source and Dockerfile', `team ${summary.team}`]);
  for (const place of places) rows.push(...ownedFiles(place, summary.team));
  rows.push([
    `\`${PIPELINE_FILE}\`, \`CODEOWNERS\`, \`.gitignore\`, this file`,
    'made by `k8s-gitops system scaffold`; of the pipeline only where the image comes from is yours',
  ]);
  const facts = hasTenant(system) ? ' `sku` and `aadGroupId` (size and access of the namespace) are decided there.' : '';
  return `## Who owns what

${table(['file', 'who changes it'], distinct(rows))}

The registration is \`${summary.file}\` in the repository of the platform: where the system runs, from which branch and folder.${facts}`;
}

function ownedFiles({ environment, system, folder }: Place, team: string): readonly (readonly [string, string])[] {
  if (folder === undefined) return [];
  const all = folder === '' ? 'every manifest' : `\`${folder}/\``;
  const owner = `team ${team}`;
  if (system.pattern === 'C') return [[all, `${owner}; needs the approval that the registration records`]];
  if (system.helmRelease !== undefined) return [[all, owner]];
  if (system.pattern === 'A') {
    return [
      [`\`${valuesFile(environment.name)}\``, owner],
      [all, 'nobody: it follows from the registration'],
    ];
  }
  return [[`\`${inFolder(folder, 'helmrelease.yaml')}\``, `${owner}: \`values\`. Names, chart and variables stay`]];
}

function branches({ places }: SystemRepository): string {
  const rows = places.map(({ environment, branch, folder, system }) => [
    environment.name,
    `\`${branch}\``,
    folder === undefined
      ? 'nothing'
      : system.pattern === 'A' && system.helmRelease === undefined
        ? `\`./${folder}\`, \`${CHART_FOLDER}/\`, \`${valuesFile(environment.name)}\``
        : `\`./${folder}\``,
  ]);
  return `## Which file counts on which branch

${table(['environment', 'branch', 'what Flux reads'], rows)}

${promotion(places)}`;
}

function promotion(places: readonly Place[]): string {
  const names = [...new Set(places.map(({ branch }) => branch))];
  const order = names.map((name) => `\`${name}\``).join(' → ');
  if (places.length === 1) return `There is one environment: what is merged to ${order} counts.`;
  if (names.length === 1) {
    return `All environments follow ${order}: change the files of one at a time, and promote a version by writing it into the files of the next.`;
  }
  const folders = new Set(places.flatMap(({ folder }) => folder ?? []));
  const what =
    folders.size === places.length
      ? 'What stands in the folder of an environment counts on the branch of that environment alone; on the others it is a copy without effect.'
      : 'A change reaches an environment when it is merged to its branch.';
  const tagFiles = new Set(places.flatMap((place) => tagFile(place) ?? []));
  const tags =
    tagFiles.size === places.length
      ? `
The tag of an environment stands in a file of its own, so that a merge moves no other.`
      : '';
  return `${what}
Promote by pull request from one branch to the next: ${order}.${tags}`;
}

function versions(repository: SystemRepository): string {
  const { summary, places } = repository;
  const { system } = places[0];
  if (system.pattern === 'C') return '';
  if (!buildsImage(system)) {
    return `## Changing the version

The platform brings the images of this system to its registries, from what \`${summary.file}\` lists under \`mirror\`. A new version is a pull request
there, and then one here that changes the tag in \`${valuesFile('<environment>')}\`.`;
  }
  if (system.helmRelease !== undefined) {
    return `## Changing the version

The version stands in \`${summary.file}\` of the platform. ${hasPipeline(repository) ? 'The pipeline changes it by pull request there. By hand' : 'There'}:
\`npx k8s-gitops system set-version ${summary.name} <version> --env ${places[0].environment.name}\`, and a pull request.`;
  }
  const files = places.map((place) => `\`${tagFile(place)!}\``).join(', ');
  return `## Changing the version

Change \`tag\` in ${files} by pull request.${
    hasPipeline(repository)
      ? ` The pipeline does the same: the line that ends with
\`# ${TAG_MARK}\` is the one that it changes. Until it has run for the first time, the tag names an image that does not exist.`
      : ''
  }`;
}

function pipeline(repository: SystemRepository): string {
  const { places, summary, git, platform } = repository;
  const { system } = places[0];
  if (!hasPipeline(repository)) {
    return `## Pipeline

${
  git.host === 'azure-devops'
    ? 'A pipeline here cannot extend the template of the platform, which is elsewhere.'
    : 'This repository is not on the Azure DevOps of the platform, so it has no pipeline of Azure Pipelines.'
}${
      buildsImage(system)
        ? ` What it has to do, for each environment, from the branch of that
environment alone: build, scan (fail on HIGH and CRITICAL), push to \`<registry>/${imageRepository(system)}\`, \`npx k8s-gitops images sign\`, and
change the tag by pull request. What is not signed is not admitted.`
        : ' Pull requests are validated as below.'
    }`;
  }
  const last = platform.environments.at(-1)!.branch;
  if (!buildsImage(system)) {
    return `## Pipeline

\`${PIPELINE_FILE}\` extends \`${templateOf(repository)}\` of the platform and validates pull requests. It releases nothing.
To do once: make the pipeline from the file, and name it in the branch policies of ${branchList(places)} (build validation).`;
  }
  return `## Pipeline

\`${PIPELINE_FILE}\` extends \`${templateOf(repository)}\` of the platform, as the service connections require.

- A pull request builds and scans, with no credential that can write.
- A push to the branch of an environment builds, scans, pushes to \`<registry>/${imageRepository(summary)}\`, signs, and opens a pull request with the new
  ${system.helmRelease === undefined ? 'tag' : 'version, in the repository of the platform'}. A HIGH or CRITICAL finding that has a fix stops it.

To do once:

- Put the source and a \`Dockerfile\` here. The container must not run as root, and has a read-only file system by default.
- Make the pipeline from the file, and name it in the branch policies of ${branchList(places)} (build validation).
- Give the pipeline no variables, neither in the file nor in its settings: one that has any releases nothing.
- Let the build service of the project contribute and open pull requests ${system.helmRelease === undefined ? 'here' : 'in the repository of the platform'}, and read the repository of the platform.
- The registration has to be on \`${last}\` of the platform, with the recorded keys of the environments: there the pipeline looks whether it
  may release, and with which key it is signed.${elsewhere(repository)}`;
}

/** Tokens of pipelines reach their own project alone, unless somebody says otherwise. */
function elsewhere({ git, platform }: SystemRepository): string {
  const [own, home] = [git, platform.git].map((address) => azureDevOpsProject(address).project);
  return own!.toLowerCase() === home!.toLowerCase()
    ? ''
    : `
- The platform is in the project \`${home!}\`: "Limit job authorization scope to current project" has to be off here for the pipeline to read it.`;
}

const branchList = (places: readonly Place[]): string => [...new Set(places.map(({ branch }) => `\`${branch}\``))].join(', ');

function testing({ git, places }: SystemRepository): string {
  const chart = places.some((place) => hasOwnChart(place.system)) ? `helm lint --strict ${CHART_FOLDER}\n` : '';
  if (places.every(({ folder }) => folder === undefined)) {
    return `## Testing locally

\`\`\`bash
${chart}\`\`\``;
  }
  return `## Testing locally

In a checkout of the platform, with this repository beside it under its name (\`${git.repository}\`):

\`\`\`bash
npx k8s-gitops validate --charts --repositories ..
\`\`\`

${
  places[0].system.pattern === 'C'
    ? 'It checks'
    : 'It renders the chart with the values of every environment, and checks the result'
} by the schemas and rules of the cluster.${chart === '' ? '' : ` The chart alone: \`${chart.trim()}\`.`}`;
}

function limits({ platform, summary, places }: SystemRepository): string {
  const { system } = places[0];
  const nowhere = [
    '- Secrets, in whatever form: values come from Key Vault.',
    ...(system.pattern === 'C'
      ? []
      : [
          `- ${hasTenant(system) ? 'Namespace, quota, limits, and access of the team: the platform brings them.' : 'Objects of the cluster or of other namespaces.'}`,
        ]),
    '- Images by the tag `latest`, or from another registry than that of the environment.',
    ...(hasTenant(system)
      ? [
          '- `${name}` that Flux is not to fill in: write `$${name}`. It knows `environment`, `registry`, `sku` and `aadGroupId`; any other fails.',
        ]
      : []),
  ];
  const approval =
    system.pattern === 'C'
      ? `## What pattern C may hold

${[...PATTERN_C_KINDS, ...(summary.approval?.kinds ?? [])].join(', ')}.

What else it needs, the platform team approves in the registration (\`approval.kinds\`). Flux applies them additively: nothing
here may touch an object that a chart manages, or that another repository applies. What is removed here is removed from the cluster; with a
custom resource definition all objects of its kind go.

`
      : '';
  return `${approval}## What never to put here

${nowhere.join('\n')}

Questions: the platform team (\`${platform.git.repository}\`).`;
}

/** Environments may share a folder. */
const distinct = (rows: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] =>
  rows.filter(([file], index) => rows.findIndex(([other]) => other === file) === index);

/** A table of Markdown as formatters write it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_cell, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
