/**
 * Why a function of stage 2 sends what it sends, in the words of TS 23.141: told from who speaks to whom and under which name. What the entities themselves said
 * is taken where it needs no word of stage 3 (what was published, what a watcher has learned, why somebody is refused).
 */
import type { NoteRecord } from '#trace/record.ts';
import { bestNote } from '#trace/explanation.ts';
import { factsOf } from '#trace/message-facts.ts';
import type { FunctionKind, Stage2Function } from '#trace/stage2-functions.ts';
import type { Story, StoryStep } from '#store/story.ts';
import { functionOf } from './stage2-act.ts';

export interface Stage2Reason {
  readonly reason: string;
  readonly clause?: string;
}

const PROXY_OF_WATCHER = 'TS 23.141 §5.3.2';
const PROXY_OF_PRESENTITY = 'TS 23.141 §5.3.3';
const RELATION = 'TS 23.141 §5.3.4';
const MESSAGES = 'TS 23.141 §A.2.1';

/** `SubscribePres (again for 7 200 s)`: its name, and what tells it from others of that name. */
const NAME = /^([A-Za-z]+)(?: \((.*)\))?/;

export function stage2Reason(story: Story, step: StoryStep): Stage2Reason | undefined {
  const { message } = step;
  const [from, to] = [functionOf(story, message.from), functionOf(story, message.to)];
  const [, name = '', remark = ''] = NAME.exec(message.label) ?? [];
  if (from === undefined || to === undefined) return undefined;
  switch (name) {
    case 'SubscribePres':
      return remark.startsWith('watcher list') ? watcherList(from.function) : subscription(from, to, remark);
    case 'Query':
      return { reason: 'It has to determine which Presence Server is that of the presentity.', clause: PROXY_OF_PRESENTITY };
    case 'Resp':
      return message.label.includes(':') ? said(story, step) : { reason: 'With it the way to the Presence Server is known.', clause: MESSAGES };
    case 'NotifyPresUp':
      return notification(from.function, to.function);
    case 'PresUpdateMsg':
      return update(from.function, to.function, remark);
    case 'MsgAck':
      // Whoever passes an answer on has nothing to say to it.
      if (story.index.previousHop(message) !== undefined) return undefined;
      return said(story, step) ?? accepted(factsOf(message).sip?.method, message.label);
    case 'Report':
      return from.function === 'ppp' ? { reason: 'The Presence Network Agent is to know who is registered in the network.' } : said(story, step);
    default:
      return said(story, step);
  }
}

function subscription(from: Stage2Function, to: Stage2Function, remark: string): Stage2Reason | undefined {
  switch (`${from.function} > ${to.function}`) {
    case 'watcher > wpp':
      return wish(remark);
    case 'watcher > ppp':
      return { reason: 'The watcher comes from outside: nobody of an IMS has looked for the network of the presentity on its behalf.', clause: RELATION };
    case 'wpp > ppp':
      return { reason: `It has resolved the address of the presentity: its network is ${to.network}.`, clause: PROXY_OF_WATCHER };
    case 'wpp > list-server':
      return { reason: 'The address is that of a list: the Presence List Server asks for everybody on it.', clause: RELATION };
    case 'list-server > wpp':
      return { reason: 'The Presence List Server asks for somebody on the list, in the name of the watcher.', clause: RELATION };
    case 'ppp > presence-server':
    case 'ppp > list-server':
      return { reason: `It has determined which server answers for the presentity.`, clause: PROXY_OF_PRESENTITY };
    default:
      return /^(?:again|stop)/.test(remark)
        ? { reason: 'The way was found with the first request, and is not looked for again.', clause: RELATION }
        : undefined;
  }
}

function wish(remark: string): Stage2Reason {
  if (remark === 'once') return { reason: 'The watcher wants the presence information once, as it is now.', clause: MESSAGES };
  if (remark === 'stop') return { reason: 'The watcher wants to hear no more: the same message ends what it began.', clause: MESSAGES };
  if (remark.startsWith('again')) return { reason: 'The watcher wants to go on being told.', clause: MESSAGES };
  return { reason: 'The watcher wants to be told of the presentity, and its proxy finds the network that knows.', clause: PROXY_OF_WATCHER };
}

const watcherList = (from: FunctionKind): Stage2Reason | undefined =>
  from === 'pua'
    ? { reason: 'The presentity wants to be told who watches.' }
    : from === 'ppp'
      ? { reason: 'It has determined which server answers for the presentity.', clause: PROXY_OF_PRESENTITY }
      : undefined;

function notification(from: FunctionKind, to: FunctionKind): Stage2Reason | undefined {
  if (to === 'wpp' && from === 'list-server') return { reason: 'One message tells of everybody on the list.', clause: RELATION };
  if (to === 'wpp')
    return { reason: 'It goes straight to the Watcher Presence Proxy: who found the Presence Server need not stay on the way.', clause: RELATION };
  if (to === 'ppp') return { reason: 'The Presentity Presence Proxy has stayed on the way.', clause: RELATION };
  if (from === 'wpp')
    return { reason: to === 'list-server' ? 'The list server had asked in the name of the watcher.' : 'It serves the watcher.', clause: RELATION };
  return undefined;
}

const NEWS: Readonly<Record<string, string>> = {
  change: 'The presence information has changed.',
  refresh: 'What was told before still stands, and is to be kept.',
  remove: 'What was told before is to be forgotten.',
};

function update(from: FunctionKind, to: FunctionKind, remark: string): Stage2Reason | undefined {
  if (from === 'ppp') return { reason: 'It has determined which Presence Server is that of the presentity.', clause: PROXY_OF_PRESENTITY };
  const what = NEWS[remark] ?? (from === 'pna' ? 'The network knows something of the presentity.' : 'There is presence information to tell.');
  return {
    reason: to === 'ppp' ? `${what} The Presentity Presence Proxy knows where it is kept.` : what,
    clause: to === 'ppp' ? PROXY_OF_PRESENTITY : MESSAGES,
  };
}

const accepted = (method: string | undefined, label: string): Stage2Reason | undefined =>
  method === 'SUBSCRIBE' && !label.includes(':') ? { reason: 'It accepts; what there is to tell follows in a NotifyPresUp.', clause: MESSAGES } : undefined;

/** What only stage 3 knows: header fields, methods, routes, nodes. */
export const OF_STAGE_3 =
  /\b(?:SIP|SUBSCRIBE|NOTIFY|PUBLISH|REGISTER|OPTIONS|Route|Record-Route|Service-Route|Path|Via|Contact|CSeq|Call-ID|Event|Accept|Require|Expires|Subscription-State|Request-URI|URI|URL|DNS|NAPTR|SRV|UDP|TCP|TLS|MIME|Digest|nonce|header|dialog|route set|transaction|criteri\w+|triggers?|security associations?|entity-tag|tag|body|number of its request|interval|timer|Timer|UE|ISC|XCAP|HTTP|RFC|AVP|iFC)\b|CSCF|cscf|DIAMETER|Diameter|[A-Z]+_[A-Z]+/;

/** How a name became an address. */
const ADDRESSING = /^RFC (?:3263|1035|3261 §18)/;
/** What stands in brackets may be left out. */
const withoutAsides = (reason: string): string => reason.replace(/ \([^()]*\)/g, (aside) => (OF_STAGE_3.test(aside) ? '' : aside));

/** What the sender said of the arrow, or of the one that made it speak. */
function said(story: Story, { message }: StoryStep): Stage2Reason | undefined {
  const own = story.notesOf(message.id);
  const ofCause = message.causedBy === undefined ? [] : story.notesAtArrival(message.causedBy).filter(({ entity }) => entity === message.from);
  const isPlain = ({ op, reason, clause = '' }: NoteRecord): boolean =>
    (op === 'decided' || op === 'rejected') && !ADDRESSING.test(clause) && !OF_STAGE_3.test(withoutAsides(reason));
  const best = bestNote([...ofCause, ...own].filter(isPlain), message);
  return best === undefined ? undefined : { reason: withoutAsides(best.reason), ...(best.clause === undefined ? {} : { clause: best.clause }) };
}
