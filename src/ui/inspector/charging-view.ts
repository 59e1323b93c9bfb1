/** What the inspector says of charging: who reported what, in which network, and why the reports belong together. Pure. */
import type { Story } from '#store/story.ts';
import { chargingOfMessage, type ChargedLeg, type ChargedNode } from '#trace/charging.ts';
import type { MessageRecord, RecordId } from '#trace/record.ts';
import { formatMoment } from '#trace/time-text.ts';

export interface ChargedPart {
  readonly id: RecordId;
  readonly node: string;
  readonly cdf: string;
  /** `originating`, `terminating`: which side it serves. */
  readonly role: string;
  /** `−1, successful transaction`. */
  readonly cause: string;
  readonly isFailure: boolean;
  readonly legs: readonly LegText[];
  /** When it was told, how often, and whether it was taken: one sentence. */
  readonly told: string;
  /** It lies after the moment at which the reader stands. */
  readonly isToCome: boolean;
  /** Title and fields of the record, when one was written by then. */
  readonly record: { readonly title: string; readonly fields: readonly { readonly name: string; readonly value: string }[] } | undefined;
}

export interface LegText {
  /** `Type 1`. */
  readonly type: string;
  /** The operator of the one who asked on that leg, and of the one who answered. */
  readonly asked: string;
  readonly answered: string;
}

export interface ChargingView {
  readonly icid: string;
  readonly method: string;
  /** How the message is known to belong to it. */
  readonly because: string;
  /** How the reports are known to belong together. */
  readonly together: string;
  /** What the types of identifiers that occur here join: one sentence, or empty. */
  readonly types: string;
  readonly networks: readonly { readonly domain: string; readonly parts: readonly ChargedPart[] }[];
}

/** What the identifiers of a type stand for. */
const BETWEEN = {
  1: 'a P-CSCF and the home network',
  2: 'two home networks',
  3: 'a home network and its application server',
} as const;
const ROLES = ['originating', 'terminating', 'forwarding'];

/** TS 32.299 §7.2.35. */
export function causeText(cause: number | undefined): string {
  if (cause === undefined) return 'none';
  const code = String(cause).replace('-', '\u2212');
  if (cause === -1) return `${code}, successful transaction`;
  if (cause === -2) return `${code}, end of the subscription`;
  if (cause === -3) return `${code}, end of the registration`;
  return cause > 0 ? `${code}, failed` : `${code}, final answer ${-cause}`;
}

export const legText = ({ type, originating, terminating }: ChargedLeg): LegText => ({
  type: `Type ${type}`,
  asked: originating ?? 'nobody named',
  answered: terminating ?? 'nobody named',
});

function typesText(parts: readonly ChargedNode[]): string {
  const types = ([1, 2, 3] as const).filter((type) => parts.some(({ legs }) => legs.some((leg) => leg.type === type)));
  const said = types.map((type) => `type ${type} joins ${BETWEEN[type]}`).join(', ');
  return said === '' ? '' : `A leg is told by its inter-operator identifiers, who asked → who answered: ${said}.`;
}

const COUNTS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven'];

function togetherText(parts: readonly ChargedNode[], networks: number): string {
  const nodes = parts.length === 1 ? 'node reports' : 'nodes report';
  const where = networks === 1 ? 'one network' : `${COUNTS[networks]?.toLowerCase() ?? networks} networks`;
  return `${COUNTS[parts.length] ?? parts.length} ${nodes} this transaction in ${where}. The ICID is the same for all.`;
}

function partOf(story: Story, part: ChargedNode, now: number): ChargedPart {
  const { request, messages, answer, record } = part;
  const [first] = messages;
  const name = (id: string): string => story.entity(id)?.label ?? id;
  const sentAt = first?.sentAt ?? 0;
  const isWritten = record !== undefined && record.at <= now;
  return {
    id: first?.id ?? 0,
    node: name(part.node),
    cdf: name(part.cdf),
    role: ROLES[request.ims.role] ?? `role ${request.ims.role}`,
    cause: causeText(request.ims.causeCode),
    isFailure: (request.ims.causeCode ?? 1) > 0,
    legs: part.legs.map(legText),
    told: toldText(sentAt, messages.length, answer, record !== undefined),
    isToCome: sentAt > now,
    record: isWritten ? { title: record.title, fields: record.fields } : undefined,
  };
}

function toldText(sentAt: number, times: number, answer: MessageRecord | undefined, isWritten: boolean): string {
  const told = `ACR at ${formatMoment(sentAt)} s${times === 1 ? '' : `, sent ${times} times`}`;
  if (answer === undefined) return isWritten ? `${told}; its answer was lost.` : `${told}; no answer.`;
  return isWritten ? `${told}, taken.` : `${told}, answered, no record.`;
}

/** What was charged for the transaction of this message; undefined when nothing was. `now` is the moment at which the reader stands. */
export function chargingView(story: Story, message: MessageRecord, now: number): ChargingView | undefined {
  const charging = chargingOfMessage(story.trace, message);
  if (charging === undefined) return undefined;
  const { icid, nodes } = charging.transaction;
  const networks = story.trace.networks
    .map(({ domain }) => ({ domain, parts: nodes.filter(({ cdf }) => story.entity(cdf)?.network === domain) }))
    .filter(({ parts }) => parts.length > 0);
  return {
    icid,
    method: nodes[0]?.request.ims.method ?? '',
    because: charging.because,
    together: togetherText(nodes, networks.length),
    types: typesText(nodes),
    networks: networks.map(({ domain, parts }) => ({ domain, parts: parts.map((part) => partOf(story, part, now)) })),
  };
}

/** Whether anything is charged in this run. */
export const isCharged = (story: Story): boolean => story.trace.entities.some(({ kind }) => kind === 'charging-data-function');
