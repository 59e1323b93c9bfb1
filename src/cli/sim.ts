/** The command line: `sim list`, `sim run`, `sim check`, `sim counts`, `sim coverage`, `sim price`, `sim hashes`. Exit 0; 1 when a count differs from the formula, a run breaks an expectation or a rule, or clause 5.3 or Annex A has an unexplained gap; 2 when the call is wrong, and then nothing is written. */
import { writeFileSync } from 'node:fs';
import { RULES } from '#check/check.ts';
import { parseSimArguments, type SimCall } from './sim-arguments.ts';
import { listCatalog, listHashes, plainSentence, renderCounts, renderRun, reportCoverage, reportPrice, runCall } from './sim-commands.ts';

// Whoever reads our output may have seen enough (`sim run ... | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const call: SimCall = parseSimArguments(process.argv.slice(2));
process.exitCode = main(call);

function complain(message: string): void {
  process.stderr.write(`${plainSentence(message)}\n`);
}

function main(sim: SimCall): number {
  switch (sim.kind) {
    case 'wrong':
      complain(sim.message);
      process.stderr.write(sim.help ?? '');
      return 2;
    case 'help':
      process.stdout.write(sim.text);
      return 0;
    case 'list':
      process.stdout.write(listCatalog(sim.json));
      return 0;
    case 'hashes':
      process.stdout.write(listHashes(sim.seed));
      return 0;
    case 'coverage': {
      // It takes a while: whoever waits at a terminal sees that it goes on.
      const { isTTY } = process.stderr;
      const { text, hasGap } = reportCoverage(sim.json, isTTY ? (done, of) => process.stderr.write(`\r${done} of ${of} runs`) : undefined);
      if (isTTY) process.stderr.write('\r\u001b[K');
      process.stdout.write(text);
      return hasGap ? 1 : 0;
    }
    case 'price': {
      const { text, isExact } = reportPrice(sim.json, (words) => {
        if (process.stderr.isTTY) process.stderr.write(`${words}\n`);
      });
      process.stdout.write(text);
      return isExact ? 0 : 1;
    }
    case 'counts': {
      const counts = renderCounts(sim.runs, sim.json);
      if (typeof counts === 'string') {
        process.stdout.write(counts);
        return 0;
      }
      complain(counts.message);
      return 2;
    }
    case 'run':
    case 'check':
  }
  if (sim.kind === 'run' && sim.format === 'pcapng' && sim.out === undefined && process.stdout.isTTY) {
    complain('A capture is not for the terminal: name a file with --out.');
    return 2;
  }
  const { isTTY } = process.stderr;
  const result = runCall(sim, isTTY ? (words) => process.stderr.write(`\r\u001b[K${words}`) : undefined);
  if (isTTY) process.stderr.write('\r\u001b[K');
  if (result.kind === 'wrong') {
    complain(result.message);
    return 2;
  }
  if (sim.kind === 'run') {
    const output = renderRun(result.trace, sim.format, sim.level);
    if (output instanceof Error) {
      complain(`This run cannot be written as a capture: ${output.message}.`);
      return 2;
    }
    if (sim.out === undefined) process.stdout.write(output);
    else {
      try {
        writeFileSync(sim.out, output);
      } catch (error) {
        complain(`Cannot write ${sim.out}: ${error instanceof Error ? error.message : 'unknown reason'}.`);
        return 2;
      }
    }
  }
  for (const problem of result.problems) complain(problem);
  if (sim.kind === 'check' && result.problems.length === 0) {
    const { scenario, records } = result.trace;
    const messages = records.filter((record) => record.kind === 'message').length;
    process.stdout.write(`${scenario}: nothing to object to (${messages} messages, held to ${RULES.length} rules and to what the scenario expects).\n`);
  }
  return result.problems.length === 0 ? 0 : 1;
}
