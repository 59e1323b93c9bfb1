/**
 * Watcher information documents (RFC 3858) as values, as XML, and back. Read leniently: unknown elements and attributes are skipped.
 * Omitted: display-name in a language of its own; extensions.
 */
import { childrenNamed, isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';
import type { WatcherEvent, WatcherState } from './tables.ts';

export type ToldState = Exclude<WatcherState, 'init'>;

export interface ToldWatcher {
  /** The same for one subscription in every document. */
  readonly id: string;
  readonly uri: string;
  readonly status: ToldState;
  readonly event: WatcherEvent;
  /** Seconds. */
  readonly expiration?: number;
  readonly durationSubscribed?: number;
  readonly displayName?: string;
}

export interface ToldList {
  readonly resource: string;
  /** `presence`. */
  readonly package: string;
  readonly watchers: readonly ToldWatcher[];
}

export interface WatcherDocument {
  /** 0 for the first to a subscriber, then one more each time. */
  readonly version: number;
  /** `partial`: only watchers that have changed. */
  readonly state: 'full' | 'partial';
  readonly lists: readonly ToldList[];
}

export interface WatcherinfoError {
  readonly kind: 'watcherinfo-error';
  readonly reason: string;
}

export const WATCHERINFO_TYPE = 'application/watcherinfo+xml';
const NAMESPACE = 'urn:ietf:params:xml:ns:watcherinfo';
const STATES: readonly ToldState[] = ['pending', 'active', 'waiting', 'terminated'];
const EVENTS: readonly WatcherEvent[] = ['subscribe', 'approved', 'deactivated', 'probation', 'rejected', 'timeout', 'giveup', 'noresource'];

export const isWatcherinfoError = (value: WatcherDocument | WatcherinfoError): value is WatcherinfoError => 'kind' in value;

export function formatWatcherinfo({ version, state, lists }: WatcherDocument): string {
  const children = lists.map((list): XmlNode => ({
    name: 'watcher-list',
    attributes: [
      ['resource', list.resource],
      ['package', list.package],
    ],
    children: list.watchers.map(watcherNode),
  }));
  return writeXml(
    {
      name: 'watcherinfo',
      attributes: [
        ['version', String(version)],
        ['state', state],
      ],
      children,
    },
    [['', NAMESPACE]],
  );
}

const watcherNode = ({ id, uri, status, event, expiration, durationSubscribed, displayName }: ToldWatcher): XmlNode => ({
  name: 'watcher',
  attributes: [
    ['display-name', displayName],
    ['status', status],
    ['event', event],
    ['expiration', expiration?.toString()],
    ['id', id],
    ['duration-subscribed', durationSubscribed?.toString()],
  ],
  text: uri,
});

/** Reads a document of at most 64 KiB. Never throws. */
export function parseWatcherinfo(text: string): WatcherDocument | WatcherinfoError {
  const root = readXml(text);
  if (isXmlError(root)) return fault(root.reason);
  if (root.namespace !== NAMESPACE || root.name !== 'watcherinfo') return fault(`The root element is ${root.name}, not watcherinfo.`);
  const version = numberOf(root, 'version');
  const state = root.attributes.get('state');
  // RFC 3858 §3: version and state have to be there.
  if (version === undefined || (state !== 'full' && state !== 'partial')) return fault('The watcherinfo has no version, or no state of full or partial.');
  const lists: ToldList[] = [];
  for (const list of childrenNamed(root, NAMESPACE, 'watcher-list')) {
    const [resource, pack] = [list.attributes.get('resource')?.trim(), list.attributes.get('package')?.trim()];
    if (resource === undefined || pack === undefined) return fault('A watcher-list lacks its resource or its package.');
    const watchers: ToldWatcher[] = [];
    for (const element of childrenNamed(list, NAMESPACE, 'watcher')) {
      const watcher = readWatcher(element);
      if (watcher === undefined) return fault(`A watcher in line ${element.line} lacks its id, status or event.`);
      watchers.push(watcher);
    }
    lists.push({ resource, package: pack, watchers });
  }
  return { version, state, lists };
}

const fault = (reason: string): WatcherinfoError => ({ kind: 'watcherinfo-error', reason });

function readWatcher(element: XmlElement): ToldWatcher | undefined {
  const id = element.attributes.get('id');
  const status = STATES.find((each) => each === element.attributes.get('status'));
  const event = EVENTS.find((each) => each === element.attributes.get('event'));
  if (id === undefined || status === undefined || event === undefined) return undefined;
  const [expiration, durationSubscribed, displayName] = [
    numberOf(element, 'expiration'),
    numberOf(element, 'duration-subscribed'),
    element.attributes.get('display-name'),
  ];
  return {
    id,
    uri: element.text.trim(),
    status,
    event,
    ...(expiration === undefined ? {} : { expiration }),
    ...(durationSubscribed === undefined ? {} : { durationSubscribed }),
    ...(displayName === undefined ? {} : { displayName }),
  };
}

function numberOf(element: XmlElement, name: string): number | undefined {
  const text = element.attributes.get(name)?.trim();
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
