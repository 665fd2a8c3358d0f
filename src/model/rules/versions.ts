import { type TextRule } from './text-rule';

const NUMBER = '(?:0|[1-9][0-9]*)';

/** A version that names exactly one release. */
export const RELEASE_VERSION: TextRule = {
  title: 'release version',
  pattern: new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}$`),
  rule: "exactly 'major.minor.patch', such as '2.9.5', no range and no leading 'v'",
  source: 'Semantic Versioning 2.0.0; exact, so that Git says what runs',
};

const PRE_RELEASE_IDENTIFIER = `(?:${NUMBER}|[0-9]*[a-zA-Z-][0-9A-Za-z-]*)`;
const BUILD_IDENTIFIER = '[0-9A-Za-z-]+';

/** A version of a chart, with the pre-release and build parts that pipelines stamp. */
export const CHART_VERSION: TextRule = {
  title: 'chart version',
  pattern: new RegExp(
    `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${PRE_RELEASE_IDENTIFIER}(?:\\.${PRE_RELEASE_IDENTIFIER})*)?(?:\\+${BUILD_IDENTIFIER}(?:\\.${BUILD_IDENTIFIER})*)?$`,
  ),
  rule: "'major.minor.patch' with optional pre-release and build parts, such as '1.4.0' or '0.0.20260', no leading zeros, no range",
  source: 'Semantic Versioning 2.0.0, as Helm requires of charts',
};
