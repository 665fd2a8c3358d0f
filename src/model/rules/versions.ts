import { type TextRule } from './text-rule';

const NUMBER = '(?:0|[1-9][0-9]*)';

/** A version that names exactly one release. */
export const RELEASE_VERSION: TextRule = {
  title: 'release version',
  pattern: new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}$`),
  rule: "exactly 'major.minor.patch', such as '2.9.5', no range and no leading 'v'",
  source: 'Semantic Versioning 2.0.0; exact, so that Git says what runs',
};

/** A version of a chart, with the pre-release and build parts that pipelines stamp. */
export const CHART_VERSION: TextRule = {
  title: 'chart version',
  pattern: new RegExp(
    `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
  ),
  rule: "'major.minor.patch' with optional pre-release and build parts, such as '1.4.0' or '0.0.20260', no range",
  source: 'Semantic Versioning 2.0.0, as Helm requires of charts',
};
