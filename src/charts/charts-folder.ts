/** Folder of the platform that holds the central charts. */
export const CHARTS_FOLDER = 'charts';
