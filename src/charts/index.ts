/** What systems bring: their repositories at hand, and releases as Helm would install them. The only way into this room. */
export { EXAMPLES_FOLDER, Repositories } from './repositories';
export { type ReleaseAtHand } from './release-at-hand';
export { survey, type Survey } from './survey';
export { validateCharts, type ChartsVerdict } from './validate-charts';
