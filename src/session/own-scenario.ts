/** A person's own scenario file, read by the reader of the command line. */
import { sha256Hex } from '#base/crypto.ts';
import { parseScenario } from '#scenario/parse-scenario.ts';
import { isScenarioError, type ValidScenario } from '#scenario/scenario.ts';
import { OWN_PREFIX, type OwnFile, type ScenarioSummary } from './port.ts';
import { summaryOf } from './scenario-summary.ts';

const DIGITS = 12;
const GROUP = { id: 'own', title: 'Your own files' };

/** The last one: a run is asked about again and again. */
let last: { readonly text: string; readonly scenario: ValidScenario } | undefined;

/** Throws a sentence for people. */
export function readOwn(text: string): ValidScenario {
  if (last?.text === text) return last.scenario;
  const scenario = parseScenario(text);
  if (isScenarioError(scenario)) throw new Error(scenario.message);
  last = { text, scenario };
  return scenario;
}

/** Spaces and line ends of the file are nothing that makes another scenario of it. */
export function summaryOfOwn({ name, text }: OwnFile): ScenarioSummary {
  const scenario = readOwn(text);
  const plain = JSON.stringify(JSON.parse(text));
  return { ...summaryOf(scenario, GROUP), id: `${OWN_PREFIX}${sha256Hex(plain).slice(0, DIGITS)}`, own: { name, text: plain } };
}
