import * as semver from 'semver';
import { LOCK_FILE, type Problem, type ToolName } from '../model';
import { parseEnvtestReleases } from './checksum-lists';
import { fetchRedirect, fetchText } from './download';
import { type DownloadContext } from './http-request';
import { PUBLISHED_TOOLS, type NewestSource } from './published-tools';

/** Whether a version names exactly one release, in the form of the lock. */
export function isReleaseVersion(version: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(version) && semver.valid(version) === version;
}

/** The newest published version of a tool, or why it cannot be learned. */
export async function newestVersion(name: ToolName, context: DownloadContext): Promise<string | Problem> {
  const { newest } = PUBLISHED_TOOLS[name];
  const what = `the newest version of ${name}`;
  const location = { file: LOCK_FILE };
  const answer = await (newest.form === 'latest-release' ? fetchRedirect : fetchText)(newest.url, what, location, context);
  if (typeof answer !== 'string') return answer;
  return (
    READERS[newest.form](answer) ?? {
      location,
      message: `${what} does not follow from what ${newest.url} answers`,
      remedy: `Name a version: \`npx k8s-gitops tools lock --tool ${name}=VERSION\`.`,
    }
  );
}

const READERS: Readonly<Record<NewestSource['form'], (answer: string) => string | undefined>> = {
  text: (answer) => released(answer.trim()),
  'latest-release': (answer) => released(/\/tag\/([^/?#]+)$/.exec(answer)?.[1] ?? ''),
  'envtest-releases': (answer) =>
    [...(parseEnvtestReleases(answer)?.keys() ?? [])].filter(isReleaseVersion).sort(semver.rcompare)[0],
};

function released(tag: string): string | undefined {
  const version = tag.replace(/^v/, '');
  return isReleaseVersion(version) ? version : undefined;
}
