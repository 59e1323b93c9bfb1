/**
 * The user profile that the HSS sends to the S-CSCF (User-Data of SAA): TS 29.228 annexes B and E, schema `CxDataType_Rel8.xsd`.
 * Omitted: several service profiles in one document (refused by name), shared iFC sets, core network service authorization, wildcarded identities, and what
 * stands in `Extension` elements but for RegistrationType (skipped).
 */
import { isXmlError, readXml, type XmlElement, type XmlFault } from '../xml/read.ts';
import { escapeXml, isXmlText } from '../xml/write.ts';

/** One condition on a request. `groups` says to which groups of the trigger point it belongs, `registrationTypes` which kinds of REGISTER are meant. */
export type ServicePointTrigger = {
  readonly negated: boolean;
  readonly groups: readonly number[];
  /** 0 initial, 1 re-registration, 2 deregistration; only with method REGISTER. */
  readonly registrationTypes?: readonly number[];
} & (
  | { readonly kind: 'method'; readonly method: string }
  | { readonly kind: 'request-uri'; readonly requestUri: string }
  /** Name and content are regular expressions; without content the header's presence counts. */
  | { readonly kind: 'header'; readonly header: { readonly name: string; readonly content?: string } }
  /** 0 originating, 1 terminating registered, 2 terminating unregistered, 3 originating unregistered. */
  | { readonly kind: 'session-case'; readonly sessionCase: number }
  | { readonly kind: 'session-description'; readonly sessionDescription: { readonly line: string; readonly content?: string } }
);

export interface InitialFilterCriterion {
  /** The lower, the earlier. */
  readonly priority: number;
  /** Absent: always triggers. `cnf`: an AND of groups whose members are ORed; otherwise an OR of groups whose members are ANDed. */
  readonly triggerPoint?: { readonly cnf: boolean; readonly spts: readonly ServicePointTrigger[] };
  readonly applicationServer: {
    readonly serverName: string;
    /** 0: go on when the AS cannot be reached, 1: end the request. */
    readonly defaultHandling?: 0 | 1;
    readonly serviceInfo?: string;
  };
  /** 0: only for the registered user, 1: only for the unregistered one; absent: for both. */
  readonly profilePart?: 0 | 1;
}

export interface UserProfile {
  readonly privateIdentity: string;
  readonly publicIdentities: readonly { readonly identity: string; readonly barred: boolean }[];
  readonly filterCriteria: readonly InitialFilterCriterion[];
}

export interface UserDataError {
  readonly kind: 'user-data-error';
  readonly fault: XmlFault | 'missing-element' | 'bad-value' | 'several-service-profiles';
  /** The element concerned, or the line for a fault of the XML itself. */
  readonly where: string;
}

function element(name: string, content: string | number): string {
  if (typeof content === 'number') return `<${name}>${content}</${name}>`;
  if (!isXmlText(content)) throw new Error(`${name} holds a character that XML cannot carry`);
  return `<${name}>${escapeXml(content)}</${name}>`;
}
const bool = (value: boolean): number => (value ? 1 : 0);

/** The profile as the schema wants it. Throws on text that XML cannot carry: profiles to send are ours. */
export function formatUserData(profile: UserProfile): string {
  let xml = `<?xml version="1.0" encoding="UTF-8"?><IMSSubscription>${element('PrivateID', profile.privateIdentity)}<ServiceProfile>`;
  for (const { identity, barred } of profile.publicIdentities) {
    xml += `<PublicIdentity>${element('BarringIndication', bool(barred))}${element('Identity', identity)}</PublicIdentity>`;
  }
  for (const criterion of profile.filterCriteria) xml += formatCriterion(criterion);
  return `${xml}</ServiceProfile></IMSSubscription>`;
}

function formatCriterion({ priority, triggerPoint, applicationServer, profilePart }: InitialFilterCriterion): string {
  let xml = `<InitialFilterCriteria>${element('Priority', priority)}`;
  if (triggerPoint !== undefined) {
    xml += `<TriggerPoint>${element('ConditionTypeCNF', bool(triggerPoint.cnf))}`;
    for (const spt of triggerPoint.spts) xml += formatTrigger(spt);
    xml += '</TriggerPoint>';
  }
  const { serverName, defaultHandling, serviceInfo } = applicationServer;
  xml += `<ApplicationServer>${element('ServerName', serverName)}`;
  if (defaultHandling !== undefined) xml += element('DefaultHandling', defaultHandling);
  if (serviceInfo !== undefined) xml += element('ServiceInfo', serviceInfo);
  xml += '</ApplicationServer>';
  if (profilePart !== undefined) xml += element('ProfilePartIndicator', profilePart);
  return `${xml}</InitialFilterCriteria>`;
}

const pair = (outer: string, first: string, value: string, content: string | undefined): string =>
  `<${outer}>${element(first, value)}${content === undefined ? '' : element('Content', content)}</${outer}>`;

function formatTrigger(spt: ServicePointTrigger): string {
  let xml = `<SPT>${element('ConditionNegated', bool(spt.negated))}`;
  for (const group of spt.groups) xml += element('Group', group);
  switch (spt.kind) {
    case 'method':
      xml += element('Method', spt.method);
      break;
    case 'request-uri':
      xml += element('RequestURI', spt.requestUri);
      break;
    case 'header':
      xml += pair('SIPHeader', 'Header', spt.header.name, spt.header.content);
      break;
    case 'session-case':
      xml += element('SessionCase', spt.sessionCase);
      break;
    case 'session-description':
      xml += pair('SessionDescription', 'Line', spt.sessionDescription.line, spt.sessionDescription.content);
  }
  const types = spt.registrationTypes ?? [];
  if (types.length > 0) xml += `<Extension>${types.map((type) => element('RegistrationType', type)).join('')}</Extension>`;
  return `${xml}</SPT>`;
}

/** Takes what a profile needs out of the elements and remembers the first thing that is wrong. */
class ProfileReader {
  error: UserDataError | undefined;

  fail(fault: UserDataError['fault'], where: string): void {
    this.error ??= { kind: 'user-data-error', fault, where };
  }

  child(parent: XmlElement, name: string): XmlElement | undefined {
    for (const child of parent.children) if (child.name === name) return child;
    return undefined;
  }

  text(parent: XmlElement, name: string): string | undefined {
    return this.child(parent, name)?.text;
  }

  needText(parent: XmlElement, name: string): string {
    const value = this.text(parent, name);
    if (value === undefined) this.fail('missing-element', `${parent.name}/${name}`);
    return value ?? '';
  }

  /** A URI, which may have white space around it. */
  needUri(parent: XmlElement, name: string): string {
    const value = this.needText(parent, name).trim();
    if (value === '') this.fail('bad-value', `${parent.name}/${name}`);
    return value;
  }

  number(text: string, max: number, where: string): number {
    const digits = text.trim();
    const value = /^\d{1,10}$/.test(digits) ? Number(digits) : max + 1;
    if (value > max) this.fail('bad-value', where);
    return value;
  }

  numberIn(parent: XmlElement, name: string, max: number): number | undefined {
    const text = this.text(parent, name);
    return text === undefined ? undefined : this.number(text, max, `${parent.name}/${name}`);
  }

  bitIn(parent: XmlElement, name: string): 0 | 1 | undefined {
    const value = this.numberIn(parent, name, 1);
    return value === undefined ? undefined : value === 1 ? 1 : 0;
  }

  /** XML Schema writes a boolean as 0, 1, false or true. */
  boolean(parent: XmlElement, name: string): boolean {
    const text = this.text(parent, name)?.trim();
    if (text === undefined || text === '0' || text === 'false') return false;
    if (text !== '1' && text !== 'true') this.fail('bad-value', `${parent.name}/${name}`);
    return true;
  }
}

const MAX_INT = 0x7fffffff;
/** Characters: a profile may hold many filter criteria. */
const LONGEST_PROFILE = 200_000;

/** Reads a profile. Never throws: whatever is wrong with the document is named. Elements it does not know are skipped. */
export function parseUserData(xml: string): UserProfile | UserDataError {
  const root = readXml(xml, LONGEST_PROFILE);
  if (isXmlError(root)) return { kind: 'user-data-error', fault: root.fault, where: root.line === undefined ? 'the document' : `line ${root.line}` };
  const reader = new ProfileReader();
  if (root.name !== 'IMSSubscription') reader.fail('missing-element', 'IMSSubscription');
  const profiles = root.children.filter((child) => child.name === 'ServiceProfile');
  if (profiles.length === 0) reader.fail('missing-element', 'IMSSubscription/ServiceProfile');
  if (profiles.length > 1) reader.fail('several-service-profiles', 'IMSSubscription/ServiceProfile');
  const privateIdentity = reader.needUri(root, 'PrivateID');
  const publicIdentities: { identity: string; barred: boolean }[] = [];
  const filterCriteria: InitialFilterCriterion[] = [];
  for (const child of profiles[0]?.children ?? []) {
    if (child.name === 'PublicIdentity')
      publicIdentities.push({ identity: reader.needUri(child, 'Identity'), barred: reader.boolean(child, 'BarringIndication') });
    else if (child.name === 'InitialFilterCriteria') filterCriteria.push(readCriterion(reader, child));
  }
  if (publicIdentities.length === 0) reader.fail('missing-element', 'ServiceProfile/PublicIdentity');
  return reader.error ?? { privateIdentity, publicIdentities, filterCriteria };
}

function readCriterion(reader: ProfileReader, from: XmlElement): InitialFilterCriterion {
  const server = reader.child(from, 'ApplicationServer');
  if (server === undefined) reader.fail('missing-element', 'InitialFilterCriteria/ApplicationServer');
  const serverName = server === undefined ? '' : reader.needUri(server, 'ServerName');
  const defaultHandling = server === undefined ? undefined : reader.bitIn(server, 'DefaultHandling');
  const serviceInfo = server === undefined ? undefined : reader.text(server, 'ServiceInfo');
  const trigger = reader.child(from, 'TriggerPoint');
  const profilePart = reader.bitIn(from, 'ProfilePartIndicator');
  const triggerPoint = trigger === undefined ? undefined : readTriggerPoint(reader, trigger);
  return {
    priority: reader.number(reader.needText(from, 'Priority'), MAX_INT, 'InitialFilterCriteria/Priority'),
    ...(triggerPoint === undefined ? {} : { triggerPoint }),
    applicationServer: { serverName, ...(defaultHandling === undefined ? {} : { defaultHandling }), ...(serviceInfo === undefined ? {} : { serviceInfo }) },
    ...(profilePart === undefined ? {} : { profilePart }),
  };
}

function readTriggerPoint(reader: ProfileReader, from: XmlElement): { cnf: boolean; spts: ServicePointTrigger[] } {
  reader.needText(from, 'ConditionTypeCNF');
  const spts: ServicePointTrigger[] = [];
  for (const child of from.children) if (child.name === 'SPT') spts.push(readTrigger(reader, child));
  if (spts.length === 0) reader.fail('missing-element', 'TriggerPoint/SPT');
  return { cnf: reader.boolean(from, 'ConditionTypeCNF'), spts };
}

function readTrigger(reader: ProfileReader, from: XmlElement): ServicePointTrigger {
  const groups: number[] = [];
  const registrationTypes: number[] = [];
  for (const child of from.children) {
    if (child.name === 'Group') groups.push(reader.number(child.text, MAX_INT, 'SPT/Group'));
    else if (child.name === 'Extension') {
      for (const inner of child.children)
        if (inner.name === 'RegistrationType') registrationTypes.push(reader.number(inner.text, 2, 'Extension/RegistrationType'));
    }
  }
  if (groups.length === 0) reader.fail('missing-element', 'SPT/Group');
  const common = { negated: reader.boolean(from, 'ConditionNegated'), groups, ...(registrationTypes.length === 0 ? {} : { registrationTypes }) };
  for (const child of from.children) {
    switch (child.name) {
      case 'Method':
        return { ...common, kind: 'method', method: child.text };
      case 'RequestURI':
        return { ...common, kind: 'request-uri', requestUri: child.text };
      case 'SessionCase':
        return { ...common, kind: 'session-case', sessionCase: reader.number(child.text, 3, 'SPT/SessionCase') };
      case 'SIPHeader': {
        const content = reader.text(child, 'Content');
        return { ...common, kind: 'header', header: { name: reader.needText(child, 'Header'), ...(content === undefined ? {} : { content }) } };
      }
      case 'SessionDescription': {
        const content = reader.text(child, 'Content');
        return {
          ...common,
          kind: 'session-description',
          sessionDescription: { line: reader.needText(child, 'Line'), ...(content === undefined ? {} : { content }) },
        };
      }
    }
  }
  reader.fail('missing-element', 'SPT/Method');
  return { ...common, kind: 'method', method: '' };
}
