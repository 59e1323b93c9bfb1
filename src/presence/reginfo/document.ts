/**
 * The state of registrations as the reg event package tells it (RFC 3680 §5): full documents with a version.
 * Omitted: partial state is read but never written; unknown-param; extensions such as GRUU (RFC 5628).
 */
import { type XmlElement, childNamed, childrenNamed, isXmlError, readXml } from '#protocol/xml/read.ts';
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';

export const REGINFO_TYPE = 'application/reginfo+xml';
const REGINFO = 'urn:ietf:params:xml:ns:reginfo';

const REGISTRATION_STATES = ['init', 'active', 'terminated'] as const;
const CONTACT_STATES = ['active', 'terminated'] as const;
const CONTACT_EVENTS = ['registered', 'created', 'refreshed', 'shortened', 'expired', 'deactivated', 'probation', 'unregistered', 'rejected'] as const;
export type ContactEvent = (typeof CONTACT_EVENTS)[number];

export interface RegisteredContact {
  /** Stable over the life of this binding. */
  readonly id: string;
  readonly uri: string;
  readonly state: (typeof CONTACT_STATES)[number];
  /** What brought it into this state. `created` means: registered without a REGISTER of its own, e.g. implicitly. */
  readonly event: ContactEvent;
  /** Seconds left. */
  readonly expires?: number;
  /** Seconds since it was registered. */
  readonly durationRegistered?: number;
  /** Seconds to wait before registering again (`probation`). */
  readonly retryAfter?: number;
  readonly q?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly displayName?: string;
}

export interface Registration {
  /** The public user identity. */
  readonly aor: string;
  readonly id: string;
  readonly state: (typeof REGISTRATION_STATES)[number];
  readonly contacts: readonly RegisteredContact[];
}

export interface RegistrationDocument {
  /** From 0, one more with each document to the same subscriber. */
  readonly version: number;
  readonly state: 'full' | 'partial';
  readonly registrations: readonly Registration[];
}

export interface ReginfoError {
  readonly kind: 'reginfo-error';
  readonly reason: string;
  readonly line?: number;
}

export const isReginfoError = (value: RegistrationDocument | ReginfoError): value is ReginfoError => 'kind' in value;

export function formatReginfo(document: RegistrationDocument): string {
  const children = document.registrations.map((registration): XmlNode => ({
    name: 'registration',
    attributes: [
      ['aor', registration.aor],
      ['id', registration.id],
      ['state', registration.state],
    ],
    children: registration.contacts.map(contactNode),
  }));
  return writeXml(
    {
      name: 'reginfo',
      attributes: [
        ['version', String(document.version)],
        ['state', document.state],
      ],
      children,
    },
    [['', REGINFO]],
  );
}

function contactNode(contact: RegisteredContact): XmlNode {
  return {
    name: 'contact',
    attributes: [
      ['id', contact.id],
      ['state', contact.state],
      ['event', contact.event],
      ['duration-registered', contact.durationRegistered?.toString()],
      ['expires', contact.expires?.toString()],
      ['retry-after', contact.retryAfter?.toString()],
      ['q', contact.q],
      ['callid', contact.callId],
      ['cseq', contact.cseq?.toString()],
    ],
    children: [{ name: 'uri', text: contact.uri }, ...(contact.displayName === undefined ? [] : [{ name: 'display-name', text: contact.displayName }])],
  };
}

/** Reads a document of at most 64 KiB. Never throws. */
export function parseReginfo(text: string): RegistrationDocument | ReginfoError {
  const root = readXml(text);
  if (isXmlError(root)) return root.line === undefined ? fault(root.reason) : fault(root.reason, root.line);
  if (root.name !== 'reginfo' || root.namespace !== REGINFO) return fault(`The root element is ${root.name}, not reginfo.`, root.line);
  const version = numberOf(root, 'version');
  const state = oneOf(root, 'state', ['full', 'partial'] as const);
  if (version === undefined) return fault('The version is not a number.', root.line);
  if (state === undefined) return fault('The state is neither full nor partial.', root.line);
  const registrations: Registration[] = [];
  for (const element of childrenNamed(root, REGINFO, 'registration')) {
    const registration = readRegistration(element);
    if ('kind' in registration) return registration;
    registrations.push(registration);
  }
  return { version, state, registrations };
}

function readRegistration(element: XmlElement): Registration | ReginfoError {
  const aor = element.attributes.get('aor');
  const id = element.attributes.get('id');
  const state = oneOf(element, 'state', REGISTRATION_STATES);
  if (aor === undefined || id === undefined || state === undefined) return fault('A registration lacks aor, id or a known state.', element.line);
  const contacts: RegisteredContact[] = [];
  for (const child of childrenNamed(element, REGINFO, 'contact')) {
    const contact = readContact(child);
    if (contact === undefined) return fault('A contact lacks its uri, its id, a known state or a known event.', child.line);
    contacts.push(contact);
  }
  return { aor, id, state, contacts };
}

function readContact(element: XmlElement): RegisteredContact | undefined {
  const id = element.attributes.get('id');
  const uri = childNamed(element, REGINFO, 'uri')?.text.trim();
  const state = oneOf(element, 'state', CONTACT_STATES);
  const event = oneOf(element, 'event', CONTACT_EVENTS);
  if (id === undefined || uri === undefined || uri === '' || state === undefined || event === undefined) return undefined;
  const given = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
    value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
  return {
    id,
    uri,
    state,
    event,
    ...given('expires', numberOf(element, 'expires')),
    ...given('durationRegistered', numberOf(element, 'duration-registered')),
    ...given('retryAfter', numberOf(element, 'retry-after')),
    ...given('q', element.attributes.get('q')),
    ...given('callId', element.attributes.get('callid')),
    ...given('cseq', numberOf(element, 'cseq')),
    ...given('displayName', childNamed(element, REGINFO, 'display-name')?.text),
  };
}

function numberOf(element: XmlElement, attribute: string): number | undefined {
  const text = element.attributes.get(attribute)?.trim();
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function oneOf<T extends string>(element: XmlElement, attribute: string, values: readonly T[]): T | undefined {
  const text = element.attributes.get(attribute);
  return values.find((value) => value === text);
}

const fault = (reason: string, line?: number): ReginfoError =>
  line === undefined ? { kind: 'reginfo-error', reason } : { kind: 'reginfo-error', reason, line };
