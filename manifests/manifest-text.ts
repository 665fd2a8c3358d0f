import { App, Chart } from 'cdk8s';
import { type JsonValue } from '../src/model';
import { stringify } from './stringify';

/** The YAML of one file. One App per file: an App with many charts costs the square of their number. */
export function manifestText(define: (chart: Chart) => void): string {
  const chart = new Chart(new App(), 'manifest');
  define(chart);
  return stringify(...(chart.toJson() as JsonValue[]));
}
