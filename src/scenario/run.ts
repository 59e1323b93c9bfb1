/** Runs any scenario, with every entity that there is: for the command line and for tests. The page loads parts when it needs them (runner.ts). */
import { ALL_PARTS } from './all-parts.ts';
import { createRunner } from './runner.ts';

export const { runScenario, runAndJudge, viewsAt, observeScenario } = createRunner(ALL_PARTS);
