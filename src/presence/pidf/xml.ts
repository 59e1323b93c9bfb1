/**
 * Presence documents as XML and back: PIDF (RFC 3863 §4.1), data model (RFC 4479), RPID (RFC 4480), location types (RFC 4589).
 * Written deterministically in the order of the schemas. Read leniently where RFC 3863 §4.2.3 says so: unknown elements are skipped, or kept for whoever passes them on.
 */
import { type XmlElement, childNamed, childrenNamed, isXmlError, readXml } from '#protocol/xml/read.ts';
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';
import { type Basic, type Contact, type Device, type Person, type PresenceDocument, type Span, SPHERES, type Tuple, type UserInput } from './document.ts';
import { isDateTime } from './iso-time.ts';
import { MODEL, PIDF, PLACE, PREFIXES, RPID, XMPP } from './namespaces.ts';
import { namespacesOf, unknownIn, unknownNodes } from './unknown.ts';

/** Why a text is not a presence document, and on which line. */
export interface PidfError {
  readonly kind: 'pidf-error';
  readonly reason: string;
  readonly line?: number;
}

export const isPidfError = (value: PresenceDocument | PidfError): value is PidfError => 'kind' in value;

/** The document as XML. Prefixes are declared only where they are used, at the root. */
export function formatPidf(document: PresenceDocument): string {
  const prefixes = prefixesFor(document);
  const children = [
    ...document.tuples.map((tuple) => tupleNode(tuple, prefixes)),
    ...document.notes.map((text) => ({ name: 'note', text })),
    ...document.persons.map((person) => personNode(person, prefixes)),
    ...document.devices.map((device) => deviceNode(device, prefixes)),
    ...unknownNodes(document.unknown, prefixes),
  ];
  const used = new Set<string>();
  const collect = (node: XmlNode): void => {
    const colon = node.name.indexOf(':');
    if (colon > 0) used.add(node.name.slice(0, colon));
    node.children?.forEach(collect);
  };
  children.forEach(collect);
  const prefixed = Array.from(prefixes, ([namespace, prefix]): [string, string] => [prefix, namespace]).filter(([prefix]) => used.has(prefix));
  return writeXml({ name: 'presence', attributes: [['entity', document.entity]], children }, [['', PIDF], ...prefixed]);
}

/** The prefix of every namespace: the usual ones, and one for each that only unknown elements are of. */
function prefixesFor(document: PresenceDocument): ReadonlyMap<string, string> {
  const more = namespacesOf(document).filter((namespace) => namespace !== PIDF && !PREFIXES.has(namespace));
  return more.length === 0 ? PREFIXES : new Map([...PREFIXES, ...more.map((namespace, i): [string, string] => [namespace, `n${i + 1}`])]);
}

/** Whether elements that are not understood are skipped, or kept as they are. */
export type Unknown = 'skip' | 'keep';

/** Reads a presence document of at most 64 KiB. Never throws. */
export function parsePidf(text: string, unknown: Unknown = 'skip'): PresenceDocument | PidfError {
  const root = readXml(text);
  if (isXmlError(root))
    return root.line === undefined ? { kind: 'pidf-error', reason: root.reason } : { kind: 'pidf-error', reason: root.reason, line: root.line };
  return pidfOf(root, unknown);
}

/** The same of a root element that was read already. */
export function pidfOf(root: XmlElement, unknown: Unknown = 'skip'): PresenceDocument | PidfError {
  try {
    return readPresence(root, unknown === 'keep');
  } catch (error) {
    if (error instanceof Fault) return { kind: 'pidf-error', reason: error.message, line: error.line };
    throw error;
  }
}

/** Leaves the reader at the first thing that is wrong; never leaves this file. */
class Fault extends Error {
  readonly line: number;
  constructor(at: XmlElement, message: string) {
    super(message);
    this.line = at.line;
  }
}

const leaf = (name: string, text: string | undefined): XmlNode[] => (text === undefined ? [] : [{ name, text }]);

function tupleNode(tuple: Tuple, prefixes: ReadonlyMap<string, string>): XmlNode {
  const priority = tuple.contact?.priority;
  const attributes = [['priority', priority === undefined ? undefined : formatPriority(priority)]] as const;
  return {
    name: 'tuple',
    attributes: [['id', tuple.id]],
    children: [
      { name: 'status', children: [...leaf('basic', tuple.basic), ...leaf('xmpp:show', tuple.show), ...unknownNodes(tuple.unknownStatus, prefixes)] },
      ...leaf('dm:deviceID', tuple.deviceId),
      ...inputNode(tuple.userInput),
      ...unknownNodes(tuple.unknown, prefixes),
      ...(tuple.contact === undefined ? [] : [{ name: 'contact', attributes, text: tuple.contact.uri }]),
      ...tuple.notes.map((text) => ({ name: 'note', text })),
      ...leaf('timestamp', tuple.timestamp),
    ],
  };
}

function personNode(person: Person, prefixes: ReadonlyMap<string, string>): XmlNode {
  const group = (name: string, prefix: string, names: readonly string[], span?: Span): XmlNode[] => {
    const attributes = [
      ['from', span?.from],
      ['until', span?.until],
    ] as const;
    return names.length === 0 ? [] : [{ name, ...(span === undefined ? {} : { attributes }), children: names.map((each) => ({ name: `${prefix}:${each}` })) }];
  };
  return {
    name: 'dm:person',
    attributes: [['id', person.id]],
    children: [
      ...group('rpid:activities', 'rpid', person.activities, person.activitiesSpan),
      ...group('rpid:mood', 'rpid', person.moods),
      ...group('rpid:place-type', 'lt', person.placeTypes),
      ...group('rpid:sphere', 'rpid', person.sphere === undefined ? [] : [person.sphere]),
      ...inputNode(person.userInput),
      ...unknownNodes(person.unknown, prefixes),
      ...modelTail(person),
    ],
  };
}

function deviceNode(device: Device, prefixes: ReadonlyMap<string, string>): XmlNode {
  return {
    name: 'dm:device',
    attributes: [['id', device.id]],
    children: [...inputNode(device.userInput), ...unknownNodes(device.unknown, prefixes), { name: 'dm:deviceID', text: device.deviceId }, ...modelTail(device)],
  };
}

const modelTail = (of: Person | Device): XmlNode[] => [...of.notes.map((text) => ({ name: 'dm:note', text })), ...leaf('dm:timestamp', of.timestamp)];

function inputNode(input: UserInput | undefined): XmlNode[] {
  if (input === undefined) return [];
  const attributes = [
    ['idle-threshold', input.idleThresholdSeconds?.toString()],
    ['last-input', input.lastInput],
  ] as const;
  return [{ name: 'rpid:user-input', attributes, text: input.state }];
}

/** 0 to 1 with at most three decimals, as the schema's qvalue. */
const formatPriority = (priority: number): string => String(Math.round(Math.min(1, Math.max(0, priority)) * 1000) / 1000);

function readPresence(root: XmlElement, keeps: boolean): PresenceDocument {
  if (root.name !== 'presence' || root.namespace !== PIDF) throw new Fault(root, `The root element is ${root.name}, not presence of PIDF.`);
  // RFC 3863 §4.1.1: the presence element names the presentity in `entity`.
  const entity = root.attributes.get('entity');
  if (entity === undefined || entity.trim() === '') throw new Fault(root, 'The presence element lacks its entity.');
  const ids = new Set<string>();
  const idOf = (element: XmlElement): string => {
    // RFC 3863 §4.1.2: each tuple has an id of its own; the schema makes ids unique over the whole document.
    const id = element.attributes.get('id')?.trim();
    if (id === undefined || id === '') throw new Fault(element, `A ${element.name} lacks its id.`);
    if (ids.has(id)) throw new Fault(element, `The id ${id} stands twice in the document.`);
    ids.add(id);
    return id;
  };
  const document: Growing<PresenceDocument> = {
    entity: entity.trim(),
    tuples: childrenNamed(root, PIDF, 'tuple').map((element) => readTuple(element, idOf(element), keeps)),
    persons: childrenNamed(root, MODEL, 'person').map((element) => readPerson(element, idOf(element), keeps)),
    devices: childrenNamed(root, MODEL, 'device').map((element) => readDevice(element, idOf(element), keeps)),
    notes: notesOf(root, PIDF),
  };
  const unknown = unknownIn(root, keeps);
  if (unknown !== undefined) document.unknown = unknown;
  return document;
}

/** Optional members are set where there is something to set, not spread from small objects: those objects showed in the profile of a flow. */
type Growing<T> = { -readonly [K in keyof T]: T[K] };

function readTuple(element: XmlElement, id: string, keeps: boolean): Tuple {
  // RFC 3863 §4.1.2: a tuple carries a status.
  const status = childNamed(element, PIDF, 'status');
  if (status === undefined) throw new Fault(element, `The tuple ${id} has no status.`);
  const tuple: Growing<Tuple> = { id, notes: notesOf(element, PIDF) };
  const basic = childNamed(status, PIDF, 'basic');
  if (basic !== undefined) tuple.basic = readBasic(basic);
  const show = childNamed(status, XMPP, 'show');
  if (show !== undefined) tuple.show = show.text.trim();
  const contact = childNamed(element, PIDF, 'contact');
  if (contact !== undefined) tuple.contact = readContact(contact);
  const deviceId = childNamed(element, MODEL, 'deviceID');
  if (deviceId !== undefined) tuple.deviceId = deviceId.text.trim();
  const timestamp = childNamed(element, PIDF, 'timestamp');
  if (timestamp !== undefined) tuple.timestamp = readDateTime(timestamp);
  readInputInto(tuple, element);
  const unknown = unknownIn(element, keeps);
  if (unknown !== undefined) tuple.unknown = unknown;
  const unknownStatus = unknownIn(status, keeps);
  if (unknownStatus !== undefined) tuple.unknownStatus = unknownStatus;
  return tuple;
}

function readPerson(element: XmlElement, id: string, keeps: boolean): Person {
  const names = (group: string, namespace: string): string[] =>
    childrenNamed(element, RPID, group).flatMap((found) =>
      found.children.filter((child) => child.namespace === namespace && child.name !== 'note').map((child) => child.name),
    );
  const person: Growing<Person> = {
    id,
    activities: names('activities', RPID),
    moods: names('mood', RPID),
    placeTypes: names('place-type', PLACE),
    notes: notesOf(element, MODEL),
  };
  const span = spanOf(element);
  if (span !== undefined) person.activitiesSpan = span;
  const sphere = names('sphere', RPID).find((name) => SPHERES.includes(name));
  if (sphere !== undefined) person.sphere = sphere;
  readCommonInto(person, element, keeps);
  return person;
}

function readDevice(element: XmlElement, id: string, keeps: boolean): Device {
  const deviceId = childNamed(element, MODEL, 'deviceID')?.text.trim() ?? '';
  if (deviceId === '') throw new Fault(element, `The device ${id} lacks its deviceID.`);
  const device: Growing<Device> = { id, deviceId, notes: notesOf(element, MODEL) };
  readCommonInto(device, element, keeps);
  return device;
}

/** What persons and devices have alike. */
function readCommonInto(target: Growing<Person> | Growing<Device>, element: XmlElement, keeps: boolean): void {
  readInputInto(target, element);
  const unknown = unknownIn(element, keeps);
  if (unknown !== undefined) target.unknown = unknown;
  const timestamp = childNamed(element, MODEL, 'timestamp');
  if (timestamp !== undefined) target.timestamp = readDateTime(timestamp);
}

const notesOf = (element: XmlElement, namespace: string): string[] => childrenNamed(element, namespace, 'note').map((note) => note.text);

/** RFC 4480 §3.1: of several, what spans may part in time, the first one's counts for all of them here. */
function spanOf(element: XmlElement): Span | undefined {
  const attributes = childNamed(element, RPID, 'activities')?.attributes;
  const [from, until] = [attributes?.get('from')?.trim(), attributes?.get('until')?.trim()];
  for (const moment of [from, until]) {
    if (moment !== undefined && !isDateTime(moment)) throw new Fault(element, 'From and until of activities are not dates and times with a zone.');
  }
  const span: Span = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
  return from === undefined && until === undefined ? undefined : span;
}

function readInputInto(target: { userInput?: UserInput }, element: XmlElement): void {
  const input = childNamed(element, RPID, 'user-input');
  if (input !== undefined) target.userInput = readInput(input);
}

function readBasic(element: XmlElement): Basic {
  const text = element.text.trim();
  if (text !== 'open' && text !== 'closed') throw new Fault(element, `The basic status is "${text.slice(0, 40)}", neither open nor closed.`);
  return text;
}

function readContact(element: XmlElement): Contact {
  const uri = element.text.trim();
  const priority = element.attributes.get('priority')?.trim();
  if (priority === undefined) return { uri };
  if (!/^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(priority)) throw new Fault(element, `The priority "${priority.slice(0, 40)}" is not a number from 0 to 1.`);
  return { uri, priority: Number(priority) };
}

function readDateTime(element: XmlElement): string {
  const text = element.text.trim();
  if (!isDateTime(text)) throw new Fault(element, `"${text.slice(0, 40)}" is not a date and time with a zone.`);
  return text;
}

function readInput(element: XmlElement): UserInput {
  const state = element.text.trim();
  if (state !== 'active' && state !== 'idle') throw new Fault(element, `The user-input is "${state.slice(0, 40)}", neither active nor idle.`);
  const threshold = element.attributes.get('idle-threshold')?.trim();
  if (threshold !== undefined && !/^0*[1-9]\d{0,14}$/.test(threshold)) throw new Fault(element, 'The idle-threshold is not a positive number of seconds.');
  const lastInput = element.attributes.get('last-input');
  if (lastInput !== undefined && !isDateTime(lastInput)) throw new Fault(element, 'The last-input is not a date and time with a zone.');
  return { state, ...(threshold === undefined ? {} : { idleThresholdSeconds: Number(threshold) }), ...(lastInput === undefined ? {} : { lastInput }) };
}
