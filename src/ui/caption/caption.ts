/**
 * The sentence for a step: who does what to whom, and why. Derived from the message and from the notes that its sender left;
 * nothing is said that the entities did not say themselves.
 */
import type { MessageRecord, NoteRecord } from '#trace/record.ts';
import { explanationOf } from '#trace/explanation.ts';
import { isUnsent } from '#trace/message-facts.ts';
import { nextTold } from '#store/playback.ts';
import type { Story, StoryStep } from '#store/story.ts';
import { newsOf } from './news.ts';
import { passedBy } from './passed-by.ts';
import { stage2Act, stage2News } from './stage2-act.ts';
import { stage2Reason } from './stage2-reason.ts';

export interface Caption {
  /** `I-CSCF#2 forwards the SUBSCRIBE to S-CSCF#2` */
  readonly act: string;
  /** A sentence of its own; undefined where nobody left a reason. */
  readonly reason: string | undefined;
  /** `RFC 3261 §16.6`; as the note has it, so `TS 24.229 (clause unchecked)` where the clause was not read. */
  readonly clause: string | undefined;
}

/** The method is missing where the answer is to something that could not be read. */
const RESPONSE = /^(\d{3}) (.*?)(?: \(([A-Za-z]+)\))?$/;
const VOWEL = /^[AEIOU]/;
/** Diameter commands are spelled letter by letter: an MAR, a UAR. */
const article = (letters: string): string => (/^[AEFHILMNORSX]/.test(letters) ? 'an' : 'a');
const DIAMETER: Readonly<Record<string, string>> = {
  CER: 'Capabilities-Exchange-Request',
  UAR: 'User-Authorization-Request',
  MAR: 'Multimedia-Auth-Request',
  SAR: 'Server-Assignment-Request',
  LIR: 'Location-Info-Request',
  RTR: 'Registration-Termination-Request',
  PPR: 'Push-Profile-Request',
  ACR: 'Accounting-Request',
  DWR: 'Device-Watchdog-Request',
  UDR: 'User-Data-Request',
};
/** Requests that tell something rather than ask for something. */
const TELLS: Readonly<Record<string, string>> = { RTR: 'tells', PPR: 'tells', ACR: 'reports to' };

function actOf(story: Story, step: StoryStep): string {
  if (story.byFunctions !== undefined) return stage2Act(story, step);
  const { message } = step;
  const from = story.entity(message.from)?.label ?? message.from;
  const to = story.entity(message.to)?.label ?? message.to;
  const { label } = message;
  if (message.protocol === 'Diameter') {
    const name = DIAMETER[label];
    return label.endsWith('R')
      ? `${from} ${TELLS[label] ?? 'asks'} ${to} with ${article(label)} ${label}${name === undefined ? '' : ` (${name})`}`
      : `${from} answers ${to} with ${article(label)} ${label}`;
  }
  const isGateway = story.entity(message.from)?.kind === 'security-gateway';
  if (message.protocol === 'DNS') {
    const [, type, name] = /^DNS ([A-Z]+) (.+)$/.exec(label) ?? [];
    if (isGateway) return `${from} lets the ${type === undefined ? 'answer' : `question for the ${type} records of ${name ?? ''}`} pass to ${to}`;
    return type === undefined ? `${from} answers ${to}` : `${from} asks ${to} for the ${type} records of ${name ?? ''}`;
  }
  if (message.protocol === 'ESP') return `${from} sends ${sealedIn(story, message)} through the tunnel to ${to}`;
  if (message.protocol === 'Report') return reportAct(label, from, to);
  if (message.protocol === 'XMPP') return `${from} ${xmppAct(label)} to ${to}`;
  const repeated = step.retransmissionOf !== undefined;
  const again = repeated ? ' again' : '';
  const passedOn = !repeated && story.index.previousHop(message) !== undefined;
  const response = RESPONSE.exec(label);
  if (isGateway && message.protocol === 'SIP') return `${from} hands ${nameOf(label)} to ${to}${again}`;
  if (response !== null) {
    const [, status = '', phrase = '', method] = response;
    if (passedOn) return `${from} passes the ${status} (${phrase}) back to ${to}`;
    return `${from} answers ${method === undefined ? '' : `the ${method} `}with ${status} (${phrase})${again}`;
  }
  if (passedOn) return `${from} forwards the ${label} to ${to}`;
  if (repeated) return `${from} sends the ${label} to ${to} again`;
  return `${from} sends ${wayOf(story, step)}`;
}

/** `a NOTIFY to S-CSCF#1, past S-CSCF#2 and I-CSCF#2`. */
function wayOf(story: Story, step: StoryStep): string {
  const { label, to } = step.message;
  const passed = passedBy(story, step);
  return `${VOWEL.test(label) ? 'an' : 'a'} ${label} to ${story.entity(to)?.label ?? to}${passed.length === 0 ? '' : `, past ${listed(passed)}`}`;
}

/** A NOTIFY that sets out says its news first, and then its way; undefined for anything else. */
function newsAct(story: Story, step: StoryStep): string | undefined {
  const { message, retransmissionOf } = step;
  if (message.protocol !== 'SIP' || retransmissionOf !== undefined || story.index.previousHop(message) !== undefined) return undefined;
  const news = newsOf(message);
  if (news === undefined || story.entity(message.from)?.kind === 'security-gateway') return undefined;
  if (story.byFunctions !== undefined) return stage2News(story, step, news);
  return `${story.entity(message.from)?.label ?? message.from} tells ${news}: ${wayOf(story, step)}`;
}

/** `MSC reports to PNA over Pc: busy`. */
function reportAct(label: string, from: string, to: string): string {
  const [, point = '', state] = /^(P[a-z]) (?:report: (.+)|request)$/.exec(label) ?? [];
  return state === undefined
    ? `${from} asks ${to} over ${point} where the subscriber is`
    : `${from} reports to ${to} over ${point}: ${state.replaceAll('-', ' ')}`;
}

const listed = (names: readonly string[]): string => [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part !== '').join(' and ');

/** `the SUBSCRIBE`, `the 200 (OK)`. */
function nameOf(label: string): string {
  const [, status, phrase] = RESPONSE.exec(label) ?? [];
  return `the ${status === undefined ? label : `${status} (${phrase ?? ''})`}`;
}

/** What made a gateway seal a packet: the message that came to it, past the agreement on keys for which it may have waited. */
function sealedIn(story: Story, message: MessageRecord): string {
  for (let cause = story.index.cause(message); cause !== undefined; cause = story.index.cause(cause)) {
    if (cause.kind === 'message' && cause.to === message.from && cause.protocol !== 'ESP' && cause.protocol !== 'IKE')
      return cause.protocol === 'SIP' ? nameOf(cause.label) : 'a packet';
  }
  return 'a packet';
}

/** `sends a presence stanza (subscribe)`, `opens a stream`. */
function xmppAct(label: string): string {
  const [, kind, type] = /^(\S+)(?: (.+))?$/.exec(label) ?? [];
  if (kind === 'stream') return type === undefined ? 'opens a stream' : `sends the ${type} of its stream`;
  return `sends ${VOWEL.test((kind ?? '').toUpperCase()) ? 'an' : 'a'} ${kind ?? ''} stanza${type === undefined ? '' : ` (${type})`}`;
}

const isDropped = (story: Story, message: MessageRecord): boolean =>
  message.lostAt !== undefined && story.trace.changes.some((change) => change.kind === 'drop' && change.record === message.id);

/** Said of a message that does not arrive. */
function fateOf(story: Story, message: MessageRecord): string {
  if (isDropped(story, message)) return ', but it was dropped here, as you wished';
  if (isUnsent(message)) return ', but it cannot be sent';
  if (message.lostAt !== undefined) return ', but it is lost on the way';
  return message.arrivedAt === undefined ? '; it is still travelling when the run ends' : '';
}

const LONGEST_VALUE = 40;
/** So many differences a sentence holds; the inspector has them all. */
const MOST_DIFFERENCES = 3;

/** What a person did to it explains more than anything that its sender thought. */
function editText(story: Story, message: MessageRecord): string {
  const edits = story.editsOf(message.id);
  if (edits.length === 0) return 'It arrives as it was sent after all.';
  const parts = edits.slice(0, MOST_DIFFERENCES).map(({ op, header, to }): string => {
    // Of SIP everything but the body has a name.
    if (header === undefined) return message.protocol === 'SIP' ? 'with another body' : 'with other bytes';
    if (op === 'removed') return `without ${header}`;
    if (to === undefined || to.length > LONGEST_VALUE) return op === 'added' ? `with an added ${header}` : `with another ${header}`;
    return `with ${header} ${to === '' ? 'empty' : to}`;
  });
  const more = edits.length - parts.length;
  if (more > 0 && isRewritten(story, message)) return 'It arrives as another text.';
  return `It arrives ${listed(more === 0 ? parts : [...parts, `${more} more ${more === 1 ? 'change' : 'changes'}`])}.`;
}

/** Whether a person wrote the message anew, rather than line by line. */
const isRewritten = (story: Story, message: MessageRecord): boolean =>
  story.trace.changes.some((change) => change.kind === 'edit' && change.record === message.id && change.edits.some(({ op }) => op === 'text' || op === 'hex'));

export function captionOf(story: Story, step: StoryStep): Caption {
  const { message } = step;
  if (message.sentBytes !== undefined) {
    return { act: `${actOf(story, step)}, and a person changes it on the way${fateOf(story, message)}`, reason: editText(story, message), clause: undefined };
  }
  const best = story.byFunctions === undefined ? explanationOf(story.index, message) : stage2Reason(story, step);
  const act = (newsAct(story, step) ?? actOf(story, step)) + fateOf(story, message);
  // Where it was to go no longer matters.
  if (isDropped(story, message)) return { act, reason: undefined, clause: undefined };
  if (best !== undefined && isSaidBefore(story, step, best.reason)) return { act, reason: undefined, clause: undefined };
  return { act, reason: best === undefined ? undefined : shortened(best.reason), clause: best?.clause };
}

const LONGEST_QUOTE = 80;

/** What people wrote may be long; the inspector has it whole. */
const shortened = (reason: string): string =>
  reason.replace(/"[^"]*"/g, (quote) => (quote.length > LONGEST_QUOTE ? `${quote.slice(0, LONGEST_QUOTE).trimEnd()}…"` : quote));

/** Whether a note that is about no message comes of the same event as this one. */
const isOfOneEvent = (note: NoteRecord, message: MessageRecord): boolean =>
  note.causedBy !== undefined && note.causedBy === message.causedBy && note.entity === message.from;

/** So many steps back a reader still remembers why answers go back. */
const REMEMBERED = 40;

/** Whether an answer was passed back for the same reason on an earlier hop, or a moment ago in this chapter: it is said once. */
function isSaidBefore(story: Story, step: StoryStep, reason: string): boolean {
  const { message } = step;
  if (message.protocol !== 'SIP' || !RESPONSE.test(message.label)) return false;
  const hop = story.index.previousHop(message);
  if (hop === undefined) return false;
  for (let other: MessageRecord | undefined = hop; other !== undefined; other = story.index.previousHop(other)) {
    if (explanationOf(story.index, other)?.reason === reason) return true;
  }
  for (let i = step.index - 1; i >= Math.max(0, step.index - REMEMBERED) && story.steps[i]?.chapterIndex === step.chapterIndex; i--) {
    const other = story.steps[i]?.message;
    if (other === undefined || other.protocol !== 'SIP' || !RESPONSE.test(other.label) || story.index.previousHop(other) === undefined) continue;
    if (explanationOf(story.index, other)?.reason === reason) return true;
  }
  return false;
}

/** The event that comes next, named before it happens; undefined at the end. */
export function nextOf(story: Story, step: number): string | undefined {
  const next = story.steps[nextTold(story, step) ?? -1];
  return next === undefined ? undefined : actOf(story, next).replace(/^The /, 'the ');
}

/**
 * What comes of a step without anything being sent, if anything does: its receiver refused it in silence, somebody gave up waiting,
 * or could not do what a person asked for. `since`: where the story opens, what comes of the step before belongs to what is not told.
 */
export function silenceAfter(story: Story, step: number, since?: number): string | undefined {
  const message = since === undefined ? story.steps[step]?.message : undefined;
  const next = story.steps[nextTold(story, step) ?? -1]?.message;
  const from = since ?? message?.sentAt ?? 0;
  const to = next?.sentAt ?? Infinity;
  const refused = message === undefined ? undefined : story.notesAtArrival(message.id).find((note) => note.op === 'rejected');
  const within = story.silentNotes.filter(
    (note) => note.at >= from && note.at < to && (note.op === 'rejected' || note.op === 'decided') && (message === undefined || !isOfOneEvent(note, message)),
  );
  // What people notice: rather at the phone than inside the network, rather the outcome than the way there.
  const rank = (note: NoteRecord): number => (note.op === 'rejected' ? 2 : 0) + (story.entity(note.entity)?.kind === 'ue' ? 1 : 0);
  let told = within[0];
  for (const note of within) if (told !== undefined && rank(note) >= rank(told)) told = note;
  const note = refused ?? told;
  if (note === undefined || (next !== undefined && explanationOf(story.index, next)?.reason === note.reason)) return undefined;
  return `at ${story.entity(note.entity)?.label ?? note.entity}${askedFor(story, note)}, without a message – ${inSentence(note.reason)}`;
}

/** What a person may want of a terminal; what operators do, the note itself says. */
const ASKED: Readonly<Record<string, string>> = {
  register: 'to register',
  deregister: 'to switch off',
  subscribe: 'to subscribe',
  fetch: 'to ask once',
  refresh: 'to refresh the subscription',
  unsubscribe: 'to unsubscribe',
  publish: 'to publish',
  unpublish: 'to take the publication back',
  'refresh-publication': 'to refresh the publication',
};

/** The wish that such a note answers, be it of the story or just made. */
function askedFor(story: Story, note: NoteRecord): string {
  const cause = story.index.cause(note);
  const asked = cause?.kind === 'intent' ? ASKED[cause.intent.kind] : undefined;
  if (cause?.kind !== 'intent' || asked === undefined) return '';
  const words = cause.intent.kind === 'publish' ? cause.intent['note'] : undefined;
  return `, asked ${asked}${typeof words === 'string' && words !== '' ? shortened(` "${words}"`) : ''}`;
}

/** Header fields and the like, which keep their capital in the middle of a sentence. */
const NAMES = new Set(['Via', 'Route', 'Path', 'Event', 'Accept', 'Expires', 'Contact', 'Digest', 'Milenage', 'Diameter', 'Annex', 'Timer']);

/** A reason as it stands in the middle of a sentence: names keep their capital. */
function inSentence(reason: string): string {
  const [first = ''] = reason.split(/[\s,:;.]/, 1);
  const isName = NAMES.has(first) || /^.+[A-Z0-9#@]/.test(first);
  return isName ? reason : reason.charAt(0).toLowerCase() + reason.slice(1);
}

/** One sentence: the act, a colon, and the reason; where one of them has a colon of its own the reason stands for itself. */
export function formatCaption({ act, reason }: Caption): string {
  if (reason === undefined) return `${act}.`;
  const sentence = reason.split(/[.?!](?:\s|$)/, 1)[0] ?? '';
  return sentence.includes(': ') || act.includes(': ') ? `${act}. ${reason}` : `${act}: ${inSentence(reason)}`;
}
