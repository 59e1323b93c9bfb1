/**
 * What a watcher is shown of a presence document (RFC 5025 §3.3, transformations): the services, persons and devices that the rules name, and of these
 * the attributes that they name. Id, basic status, contact and timestamp of what is shown always go along; of what a server passes on without understanding it, what the rules name.
 * Omitted: class, relationship, privacy, place-is, status-icon and time-offset are not in our documents (pidf/document.ts), so their permissions change nothing;
 * a selection by class selects nothing.
 */
import type { Device, Person, PresenceDocument, Tuple, UnknownElement, UserInput } from '../pidf/document.ts';
import type { AttributeName, Permissions, Selection, Selector, UserInputDegree } from './ruleset.ts';

/** The namespace of the one extension that our documents carry (RFC 8048 §6.2). */
const XMPP = 'jabber:client';

export function transformDocument(document: PresenceDocument, shows: Permissions): PresenceDocument {
  const isShown = (name: AttributeName): boolean => shows.attributes === 'all' || shows.attributes.includes(name);
  const services = document.tuples.filter((tuple) => isChosen(shows.services, (selector) => choosesService(selector, tuple)));
  const persons = document.persons.filter(({ id }) => isChosen(shows.persons, (selector) => selector.kind === 'occurrence-id' && selector.value === id));
  const devices = document.devices.filter((device) => isChosen(shows.devices, (selector) => choosesDevice(selector, device)));
  return {
    entity: document.entity,
    tuples: services.map((tuple) => shownTuple(tuple, shows, isShown)),
    persons: persons.map((person) => shownPerson(person, shows, isShown)),
    devices: devices.map((device) => ({
      ...without(device),
      ...inputOf(device, shows),
      ...unknownOf(device.unknown, shows),
      notes: isShown('note') ? device.notes : [],
    })),
    notes: isShown('note') ? document.notes : [],
    ...unknownOf(document.unknown, shows),
  };
}

const isChosen = (selection: Selection, chooses: (selector: Selector) => boolean): boolean => selection === 'all' || selection.some(chooses);

function choosesService({ kind, value }: Selector, { id, contact }: Tuple): boolean {
  switch (kind) {
    case 'occurrence-id':
      return value === id;
    case 'service-uri':
      return contact !== undefined && contact.uri === value;
    case 'service-uri-scheme':
      return contact !== undefined && contact.uri.toLowerCase().startsWith(`${value.toLowerCase()}:`);
    default:
      return false;
  }
}

const choosesDevice = ({ kind, value }: Selector, { id, deviceId }: Device): boolean =>
  (kind === 'occurrence-id' && value === id) || (kind === 'deviceID' && value === deviceId);

function shownTuple(tuple: Tuple, shows: Permissions, isShown: (name: AttributeName) => boolean): Tuple {
  const { show, deviceId, notes, ...rest } = without(tuple);
  const { unknown: unknownStatus } = unknownOf(tuple.unknownStatus, shows);
  const knowsShow = shows.attributes === 'all' || shows.unknown.some(({ namespace, name }) => namespace === XMPP && name === 'show');
  return {
    ...rest,
    ...(show !== undefined && knowsShow ? { show } : {}),
    ...(deviceId !== undefined && isShown('deviceID') ? { deviceId } : {}),
    ...inputOf(tuple, shows),
    ...unknownOf(tuple.unknown, shows),
    ...(unknownStatus === undefined ? {} : { unknownStatus }),
    notes: isShown('note') ? notes : [],
  };
}

function shownPerson(person: Person, shows: Permissions, isShown: (name: AttributeName) => boolean): Person {
  const { activities, activitiesSpan, moods, placeTypes, sphere, notes, ...rest } = without(person);
  return {
    ...rest,
    activities: isShown('activities') ? activities : [],
    ...(activitiesSpan !== undefined && isShown('activities') ? { activitiesSpan } : {}),
    moods: isShown('mood') ? moods : [],
    placeTypes: isShown('place-type') ? placeTypes : [],
    ...(sphere !== undefined && isShown('sphere') ? { sphere } : {}),
    ...inputOf(person, shows),
    ...unknownOf(person.unknown, shows),
    notes: isShown('note') ? notes : [],
  };
}

type Hidden = 'userInput' | 'unknown' | 'unknownStatus';

/** Without what has a permission of its own. */
function without<T extends { readonly [K in Hidden]?: unknown }>(element: T): Omit<T, Hidden> {
  const { userInput: _input, unknown: _unknown, unknownStatus: _status, ...rest } = element;
  return rest;
}

/** Of the elements that nobody here understands those that the rules name, or all. */
function unknownOf(elements: readonly UnknownElement[] | undefined, { attributes, unknown }: Permissions): { readonly unknown?: readonly UnknownElement[] } {
  const shown = elements?.filter((one) => attributes === 'all' || unknown.some(({ namespace, name }) => namespace === one.namespace && name === one.name));
  return shown === undefined || shown.length === 0 ? {} : { unknown: shown };
}

function inputOf({ userInput }: { readonly userInput?: UserInput }, { userInput: degree }: Permissions): { readonly userInput?: UserInput } {
  return userInput === undefined || degree === 'false' ? {} : { userInput: shownInput(userInput, degree) };
}

/** `bare`: only whether; `thresholds`: and after how long one counts as idle; `full`: and when the keys were touched last. */
function shownInput({ state, idleThresholdSeconds, lastInput }: UserInput, degree: UserInputDegree): UserInput {
  return {
    state,
    ...(idleThresholdSeconds !== undefined && degree !== 'bare' ? { idleThresholdSeconds } : {}),
    ...(lastInput !== undefined && degree === 'full' ? { lastInput } : {}),
  };
}
