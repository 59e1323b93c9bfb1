/**
 * What the network knows, as presence information (TS 23.141 §5.2.2.1: the agent converts it into the format of Pen, which is PIDF). Each source speaks of one thing, under ids of its own,
 * so that its publication can come and go without the others: the IMS and the telephone are services, the terminal is a device, being on the phone and being somewhere is said of the person.
 * Omitted: geographical location (PIDF-LO), capabilities of services.
 */
import type { NetworkReport, ReportPoint } from '#presence/network-report/report.ts';
import type { Basic, Person, PresenceDocument, Tuple } from '#presence/pidf/document.ts';

/** Pi: what the S-CSCF tells; the others report. */
export type Source = 'Pi' | ReportPoint;
export const SOURCES: readonly Source[] = ['Pi', 'Pc', 'Pg', 'Pk', 'Pl'];

const NOTHING = { tuples: [], persons: [], devices: [], notes: [] };

/** Whether the user is registered in the IMS. Who is not cannot be reached at the SIP address, whatever a terminal has published and not taken back (RFC 4479 §3.3.4). */
export const registrationDocument = (entity: string, isRegistered: boolean, timestamp: string): PresenceDocument => ({
  entity,
  ...NOTHING,
  tuples: [
    {
      id: 'network-ims',
      basic: isRegistered ? 'open' : 'closed',
      contact: { uri: entity },
      notes: [isRegistered ? 'Registered in the IMS' : 'Not registered in the IMS'],
      timestamp,
    },
  ],
});

/** The document that a report comes to; undefined when it says nothing that could be shown. `entity` is the presentity whose number the subscriber's is. */
export function documentOf(entity: string, report: NetworkReport): PresenceDocument | undefined {
  const { at: timestamp, state } = report;
  switch (report.point) {
    case 'Pc':
      return {
        entity,
        ...NOTHING,
        tuples: [telephone(report)],
        persons: state === 'busy' ? [person('network-call', timestamp, { activities: ['on-the-phone'] })] : [],
      };
    case 'Pg': {
      const deviceId = deviceOf(report);
      return deviceId === undefined
        ? undefined
        : { entity, ...NOTHING, devices: [{ id: 'network-device', deviceId, notes: [ATTACHMENT[state] ?? state], timestamp }] };
    }
    case 'Pk': {
      const isUp = state === 'context-active';
      return {
        entity,
        ...NOTHING,
        tuples: [service('network-ip', isUp ? 'open' : 'closed', isUp ? 'Packet data: connected' : 'Packet data: not connected', report)],
      };
    }
    case 'Pl':
      return state === 'located' && (report.place !== undefined || report.placeType !== undefined)
        ? {
            entity,
            ...NOTHING,
            persons: [
              person('network-place', timestamp, {
                ...(report.placeType === undefined ? {} : { placeTypes: [report.placeType] }),
                ...(report.place === undefined ? {} : { notes: [report.place] }),
              }),
            ],
          }
        : undefined;
  }
}

const ATTACHMENT: Readonly<Record<string, string>> = {
  attached: 'Switched on',
  'not-reachable': 'Out of coverage',
  detached: 'Switched off',
};

const TELEPHONE: Readonly<Record<string, string>> = {
  attached: 'Telephone: can be called',
  busy: 'Telephone: in a call',
  'not-reachable': 'Telephone: out of coverage',
  detached: 'Telephone: switched off',
};

function telephone(report: NetworkReport): Tuple {
  const isThere = report.state === 'attached' || report.state === 'busy';
  const tuple = service('network-telephone', isThere ? 'open' : 'closed', TELEPHONE[report.state] ?? report.state, report);
  // The address stands there also when nobody answers at it: it says what is closed.
  return { ...tuple, contact: { uri: `tel:+${report.subscriber}` } };
}

/** RFC 4479 §3.3.1: a service names the device on which it is to be had. */
function service(id: string, basic: Basic, note: string, report: NetworkReport): Tuple {
  const deviceId = deviceOf(report);
  return { id, basic, ...(deviceId === undefined ? {} : { deviceId }), notes: [note], timestamp: report.at };
}

const person = (id: string, timestamp: string, says: Partial<Person>): Person => ({
  id,
  activities: [],
  moods: [],
  placeTypes: [],
  notes: [],
  ...says,
  timestamp,
});

/** RFC 7254 §3: type allocation code, serial number, and the spare digit, which is zero. */
function deviceOf({ equipment }: NetworkReport): string | undefined {
  return equipment === undefined ? undefined : `urn:gsma:imei:${equipment.slice(0, 8)}-${equipment.slice(8, 14)}-0`;
}

/** To see whether anything but the time is another. */
export function withoutTimes(document: PresenceDocument): PresenceDocument {
  const bare = <T extends { readonly timestamp?: string }>({ timestamp: _, ...rest }: T): Omit<T, 'timestamp'> => rest;
  return { ...document, tuples: document.tuples.map(bare), persons: document.persons.map(bare), devices: document.devices.map(bare) };
}
