/**
 * The ladders of the standards with what is charged for them (TS 32.260 §5.2.2.1.5): when a node has passed an answer on, it tells the charging data function of its
 * network. Only to hold runs against.
 */

const CDF_OF: Readonly<Record<string, string>> = {
  pcscf1: 'cdf0',
  icscf1: 'cdf1',
  scscf1: 'cdf1',
  icscf2: 'cdf2',
  scscf2: 'cdf2',
  ps: 'cdf2',
  pcscf2: 'cdf2',
};

/** With an ACR after every answer, by the node that sends it; `asker` asked for itself and reports when the answer has come. */
export function charged(ladder: readonly string[], asker?: string): string[] {
  const lines = ladder.flatMap((line) => {
    const node = /^(\w+) > \w+: \d{3} /.exec(line)?.[1] ?? '';
    const cdf = CDF_OF[node];
    return cdf === undefined ? [line] : [line, `${node} > ${cdf}: ACR`];
  });
  return asker === undefined ? lines : [...lines, `${asker} > ${CDF_OF[asker] ?? ''}: ACR`];
}

/** The answers of the charging data functions to all of that, as flows of their own. */
export function taken(...ladders: readonly (readonly string[])[]): string[][] {
  return ladders.flat().flatMap((line) => {
    const [, node, cdf] = /^(\w+) > (cdf\d): ACR$/.exec(line) ?? [];
    return node === undefined || cdf === undefined ? [] : [[`${cdf} > ${node}: ACA`]];
  });
}

/** An answer that goes back the way of a request. */
const back = (answer: string, ...nodes: readonly string[]): string[] => nodes.slice(1).map((to, i) => `${nodes[i] ?? ''} > ${to}: ${answer}`);

const REFUSED = '403 Forbidden (SUBSCRIBE)';

/** Somebody else's registration is nobody's business: the S-CSCF of the other user refuses. */
export const DENIED: string[] = [
  'ue1 > pcscf1: SUBSCRIBE',
  'pcscf1 > scscf1: SUBSCRIBE',
  'scscf1 > icscf2: SUBSCRIBE',
  'icscf2 > hss2: LIR',
  'hss2 > icscf2: LIA',
  'icscf2 > scscf2: SUBSCRIBE',
  ...back(REFUSED, 'scscf2', 'icscf2', 'scscf1', 'pcscf1', 'ue1'),
];

/** The presence server refuses. */
export const BLOCKED: string[] = [...DENIED.slice(0, 6), 'scscf2 > ps: SUBSCRIBE', ...back(REFUSED, 'ps', 'scscf2', 'icscf2', 'scscf1', 'pcscf1', 'ue1')];
