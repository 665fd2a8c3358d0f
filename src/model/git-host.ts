import { z } from 'zod';
import { defined } from './records';
import { ORGANIZATION_NAME, PROJECT_NAME } from './rules/azure-devops-names';
import { BASE_URL, REPOSITORY_NAME } from './rules/git-names';
import { DNS_SUBDOMAIN } from './rules/kubernetes-names';
import { text } from './rules/text-rule';

/** The kinds of Git host that Flux distinguishes; GitLab, Gitea and others are `generic`. */
export const GIT_HOSTS = ['azure-devops', 'github', 'generic'] as const;
export type GitHostName = (typeof GIT_HOSTS)[number];

/** Where repositories are; which of these fields are needed depends on the host. */
export const gitFields = {
  host: z.enum(GIT_HOSTS).describe('Kind of Git host: azure-devops, github, or generic for any other (GitLab, Gitea, ...).'),
  organization: text(ORGANIZATION_NAME).describe('Azure DevOps organization, or GitHub organization or user.'),
  project: text(PROJECT_NAME).describe('Azure DevOps project.'),
  baseUrl: text(BASE_URL).describe(
    "What stands before the repository's name in its URL; for host generic, or a GitHub Enterprise server.",
  ),
  secretName: text(DNS_SUBDOMAIN).describe(
    'Secret in namespace flux-system with the credentials, for hosts without workload identity (github, generic). The Secret itself is never in Git.',
  ),
  repository: text(REPOSITORY_NAME).describe('Name of the Git repository.'),
};

/** The fields of the host alone, for whatever inherits the platform's. */
export const hostOverrides = {
  host: gitFields.host.optional(),
  organization: gitFields.organization.optional(),
  project: gitFields.project.optional(),
  baseUrl: gitFields.baseUrl.optional(),
  secretName: gitFields.secretName.optional(),
};

/** The fields of {@link gitFields} as a file gives them. */
export interface GitSettings {
  readonly host: GitHostName;
  readonly organization?: string;
  readonly project?: string;
  readonly baseUrl?: string;
  readonly secretName?: string;
}

/** A repository as Flux addresses it. */
export interface GitAddress {
  readonly host: GitHostName;
  readonly repository: string;
  /** URL to clone from. */
  readonly url: string;
  /** Flux's name for the way to authenticate: `spec.provider` of a GitRepository. */
  readonly provider: 'azure' | 'github' | 'generic';
  /** Secret with credentials. @default - workload identity, or none for a public repository */
  readonly secretName?: string;
}

type OptionalField = 'organization' | 'project' | 'baseUrl' | 'secretName';

const FIELDS_OF_HOST: Readonly<
  Record<GitHostName, { readonly required: readonly OptionalField[]; readonly optional: readonly OptionalField[] }>
> = {
  'azure-devops': { required: ['organization', 'project'], optional: [] },
  github: { required: ['organization', 'secretName'], optional: ['baseUrl'] },
  generic: { required: ['baseUrl'], optional: ['secretName'] },
};

/** Settings of a system over those of the platform: the platform's apply as long as the host is the same. */
export function overrideGit(base: GitSettings, override: Partial<GitSettings>): GitSettings {
  const inherited = (override.host ?? base.host) === base.host ? base : { host: override.host! };
  return { ...inherited, ...defined(override) };
}

/** A field that the host needs and that is missing, or that it has no use for. */
export interface MisplacedGitField {
  readonly field: OptionalField;
  readonly reason: 'missing' | 'unused';
}

/** What is missing or meaningless in the settings, given their host. */
export function misplacedGitFields(settings: GitSettings): readonly MisplacedGitField[] {
  const { required, optional } = FIELDS_OF_HOST[settings.host];
  return (['organization', 'project', 'baseUrl', 'secretName'] as const).flatMap((field): MisplacedGitField[] => {
    if (settings[field] === undefined) return required.includes(field) ? [{ field, reason: 'missing' }] : [];
    return required.includes(field) || optional.includes(field) ? [] : [{ field, reason: 'unused' }];
  });
}

/** The address of a repository; the settings must have no {@link misplacedGitFields}. */
export function gitAddress(settings: GitSettings, repository: string): GitAddress {
  const { host, secretName } = settings;
  const credentials = secretName === undefined ? {} : { secretName };
  switch (host) {
    case 'azure-devops': {
      const path = [settings.organization!, settings.project!, '_git', repository].map(encodeURIComponent).join('/');
      return { host, repository, provider: 'azure', url: `https://dev.azure.com/${path}` };
    }
    case 'github': {
      const base = settings.baseUrl ?? 'https://github.com';
      return { host, repository, provider: 'github', url: `${base}/${settings.organization!}/${repository}.git`, ...credentials };
    }
    case 'generic':
      return { host, repository, provider: 'generic', url: `${settings.baseUrl!}/${repository}.git`, ...credentials };
  }
}
