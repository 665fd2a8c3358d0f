import { type TextRule } from './text-rule';

const NAMING_RESTRICTIONS = 'Azure DevOps naming restrictions';

export const ORGANIZATION_NAME: TextRule = {
  title: 'Azure DevOps organization name',
  pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$/,
  rule: '1 to 50 letters, digits and hyphens, starting and ending with a letter or digit',
  source: NAMING_RESTRICTIONS,
};

export const PROJECT_NAME: TextRule = {
  title: 'Azure DevOps project name',
  pattern:
    /^(?![_.\s])(?!.*[.\s]$)(?!(?:AUX|COM\d|CON|DefaultCollection|LPT\d|NUL|PRN|SERVER|SignalR|Web|WEB)$)[^\p{C}\p{S}\\/:*?"'<>;#$@{},+=[\]|%&]{1,64}$/u,
  rule: `1 to 64 characters, none of \\ / : * ? " ' < > ; # $ @ { } , + = [ ] | % &, not starting with _ or ., not ending with ., no space at either end, no symbol, no name that Windows or Azure DevOps reserves`,
  source: NAMING_RESTRICTIONS,
};

/** Service connections, agent pools and environments: any printable text. */
export const RESOURCE_NAME: TextRule = {
  title: 'Azure DevOps resource name',
  pattern: /^(?!\s)[^\p{C}]{1,128}(?<!\s)$/u,
  rule: '1 to 128 printable characters, no space at either end',
  source: NAMING_RESTRICTIONS,
};

/** A group of a project. */
export const PROJECT_GROUP_NAME: TextRule = {
  title: 'Azure DevOps group name',
  pattern: /^(?!\s)[^\p{C}\\/:*?"<>|+=;,[\]]{1,256}(?<!\s)$/u,
  rule: `its name without the project ('Readers' of '[project]\\Readers'), 1 to 256 printable characters, none of \\ / : * ? " < > | + = ; , [ ], no space at either end`,
  source: NAMING_RESTRICTIONS,
};

/** A folder of pipelines. */
export const PIPELINE_FOLDER: TextRule = {
  title: 'folder of pipelines',
  pattern:
    /^(?:\\|(?:\\[^\p{C}\\/:*?"<>|;#$@{},+=[\]%&.\s](?:[^\p{C}\\/:*?"<>|;#$@{},+=[\]%&]{0,250}[^\p{C}\\/:*?"<>|;#$@{},+=[\]%&.\s])?)+)$/u,
  rule: "'\\' or '\\folder\\folder', without / : * ? \" < > | ; # $ @ { } , + = [ ] % &",
  source: NAMING_RESTRICTIONS,
};

/** A YAML file of a repository, as a required template names it. */
export const TEMPLATE_PATH: TextRule = {
  title: 'path of a template',
  pattern: /^(?![a-zA-Z]:|~)(?!(?:.*\/)?\.{1,2}\/)(?!.*\/\/)[^\p{C}\\@/\s](?:[^\p{C}\\@]{0,4000}[^\p{C}\\@/])?(?<=[^/]\.ya?ml)$/u,
  rule: "a .yaml or .yml file of this repository, relative, with forward slashes, without '.' or '..' as a folder and without '@'",
  source: 'Azure DevOps, required template check',
};

/** Groups that every project has; their names are not free. Source: Azure DevOps, default permissions and access. */
export const DEFAULT_GROUPS = [
  'Build Administrators',
  'Contributors',
  'Deployment Group Administrators',
  'Endpoint Administrators',
  'Endpoint Creators',
  'Project Administrators',
  'Project Valid Users',
  'Readers',
  'Release Administrators',
] as const;
