import { APP_CHART, CENTRAL_CHARTS, isCentralChart } from '../chart-values/central-charts';
import { type JsonObject } from '../platform';
import { type Problem } from '../problem';
import { defined } from '../records';
import { parseValue, type Places } from '../schema-problems';
import { type Source, type Sources } from '../sources';
import { type SystemFile } from '../system-file';
import { environmentsOf, settingsIn } from '../system-settings';
import { type PathSegment } from '../yaml-locator';

/** The values of a release that the platform owns, of a central chart, in each environment; Helm would check them in the cluster only. */
export function checkValues(system: Source<SystemFile>, { platform }: Sources): readonly Problem[] {
  const { content } = system;
  if (content.release === 'system' || content.pattern === 'C') return [];
  return environmentsOf(content, platform.content).flatMap((environment) => {
    const { chart, values = {}, sku, aadGroupId } = settingsIn(content, environment);
    const name = chart?.repository === undefined ? (chart?.name ?? APP_CHART) : undefined;
    const schema = name !== undefined && isCentralChart(name) ? CENTRAL_CHARTS[name] : undefined;
    if (schema === undefined) return [];
    const result = parseValue(
      schema,
      { ...placeholdersFilled(values), ...defined({ sku, aadGroupId }) },
      placesIn(system, environment),
      ['values'],
    );
    return 'problems' in result ? result.problems : [];
  });
}

/** What stands for a registry and an environment has their form. */
function placeholdersFilled(values: JsonObject): JsonObject {
  const text = JSON.stringify(values).replaceAll('{registry}', 'registry.example').replaceAll('{environment}', 'environment');
  return JSON.parse(text) as JsonObject;
}

/** A value stands under the environment, or for all of them. */
function placesIn({ yaml }: Source<SystemFile>, environment: string): Places {
  const place = (path: readonly PathSegment[]): readonly PathSegment[] => {
    const own = ['environments', environment, ...path];
    return yaml.locateKey(own) === undefined && yaml.locateKey(path) !== undefined ? path : own;
  };
  return {
    locate: (path) => {
      for (let length = path.length; length > 0; length--) {
        const found = place(path.slice(0, length));
        if (yaml.locateKey(found) !== undefined) return yaml.locate([...found, ...path.slice(length)]);
      }
      return yaml.locate(['release']);
    },
    locateKey: (path) => yaml.locateKey(place(path)),
  };
}
