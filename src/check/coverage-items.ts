/**
 * Clause 5.3 of TS 23.141, sentence by sentence in our words, and by which clauses each is realised. A need is met when one of its clauses happened in
 * the catalog and is asserted, or when its flow is in a run that breaks no rule; an item when all its needs are. A gap with a reason is one that another issue fills.
 */
import type { FlowStep } from './flow.ts';

/** Which text the item is of. */
export type Part = 'Clause 5.3' | 'Annex A';

export interface CoverageNeed {
  readonly what: string;
  /** One of these clauses. */
  readonly by: readonly string[];
  /** Instead of clauses: who sends what to whom. */
  readonly flow?: readonly FlowStep[];
}

export interface CoverageItem {
  readonly part: Part;
  readonly id: string;
  readonly clause: string;
  readonly says: string;
  readonly needs: readonly CoverageNeed[];
  /** Why it is not to be covered yet. */
  readonly gap?: string;
}

const item = (id: string, says: string, needs: CoverageItem['needs'], gap?: string): CoverageItem => ({
  part: 'Clause 5.3',
  id,
  clause: id.replace(/-.*/, ''),
  says,
  needs,
  ...(gap === undefined ? {} : { gap }),
});
const need = (what: string, ...by: readonly string[]) => ({ what, by });

const SUBSCRIPTION_LADDER = need('a SUBSCRIBE passes from one network into the other as the standard draws it', 'TS 24.141 §A.3.2.1');

export const CLAUSE_5_3: readonly CoverageItem[] = [
  item('5.3.1-1', 'Across PLMN borders generic functions such as routing and security are needed; the presence proxies provide them.', [
    need('requests are routed by proxies', 'RFC 3261 §16.6', 'RFC 3261 §16.12'),
    need('they are protected', 'TS 33.203 §6.1.1', 'TS 33.203 §7.1'),
  ]),
  item('5.3.1-2', 'The proxies are the entry and exit point of presence requests between PLMNs.', [
    SUBSCRIPTION_LADDER,
    need('the entry of the other network is found', 'RFC 3263 §4', 'RFC 3263 §4.1'),
  ]),
  item('5.3.2-1', 'A watcher application first needs to find the presence server that holds the information.', [
    need('the presence server is found', 'TS 23.218 §5.2.3', 'TS 29.228 §6.1.4.1', 'TS 29.228 §6.1.4'),
  ]),
  item('5.3.2-2', 'Watcher Presence Proxy: address resolution and identification of the target networks.', [
    need('a domain becomes an address (NAPTR, SRV)', 'RFC 3263 §4.1', 'RFC 3263 §4.2'),
    need('a number becomes a SIP address (ENUM)', 'RFC 6116'),
    need('a pres address becomes a SIP address', 'RFC 3861'),
    need('the next entry is tried when one fails', 'RFC 3263 §4.3'),
  ]),
  item('5.3.2-3', 'Watcher Presence Proxy: authentication of watchers.', [
    need('the watcher is challenged and believed', 'TS 33.203 §6.1.1'),
    need('what fails is refused', 'TS 33.203 §6.1.2'),
    need('the security agreement is held', 'RFC 3329 §2.3.1'),
  ]),
  item('5.3.2-4', 'Watcher Presence Proxy: interworking between presence protocols.', [
    need('XMPP and SIP are mapped on one another', 'RFC 8048', 'RFC 7247', 'RFC 6121'),
  ]),
  item('5.3.2-5', 'Watcher Presence Proxy: accounting of watcher requests.', [
    need('a request carries its charging identifier', 'TS 32.260 §5.1.2.2', 'RFC 7315 §5.6', 'RFC 7315 §4.6'),
    need('charging records go to a charging function', 'TS 32.299', 'TS 32.260 §5.2', 'TS 32.260 §6.1', 'TS 32.260 §6.3'),
  ]),
  item('5.3.3-1', 'Presentity Presence Proxy: determination of the presence server of a presentity.', [
    need('the HSS tells the S-CSCF', 'TS 29.228 §6.1.4.1', 'TS 29.228 §6.1.4'),
    need('the filter criteria tell the presence server', 'TS 23.218 §5.2.3', 'TS 23.218 §6.5.2', 'TS 23.218 §6.4.1'),
  ]),
  item('5.3.3-2', 'Presentity Presence Proxy: authentication of the Watcher Presence Proxy.', [
    need('associations between the networks are set up and asked', 'TS 33.210 §C.2'),
    need('a network that is reached without them is not trusted', 'TS 33.203 §5.4'),
  ]),
  item('5.3.3-3', 'Presentity Presence Proxy: accounting of updates to presence information.', [
    need('a PUBLISH carries its charging identifier', 'TS 32.260 §5.1.2.2', 'RFC 7315 §4.6'),
    need('charging records of updates go to a charging function', 'TS 32.299', 'TS 32.260 §5.2', 'TS 32.260 §6.1', 'TS 32.260 §6.3'),
  ]),
  item('5.3.3-4', "Editor's note: the proxies may hide the configuration of their network (for further study).", [
    need('names of a network are hidden at its border', 'TS 33.203 §6.4'),
  ]),
  item('5.3.4-1', 'The P-CSCF and the S-CSCF take care of the Watcher Presence Proxy; the S-CSCF authenticates as TS 33.203 says.', [
    need('the S-CSCF challenges', 'TS 33.203 §6.1.1', 'RFC 3310 §3.2'),
    need('the P-CSCF is in the path', 'RFC 3327 §5.2', 'RFC 3608 §6.1'),
  ]),
  item('5.3.4-2', 'Charging and accounting are conducted as TS 32.200 and TS 32.225 (today TS 32.260) say.', [need('charging as TS 32.260 says', 'TS 32.260')]),
  item('5.3.4-3', 'Security between the Watcher and the Presentity Presence Proxy is defined by TS 33.210.', [
    need('security as TS 33.210 says', 'TS 33.210 §C.2'),
  ]),
  item('5.3.4-4', 'The I-CSCF and the S-CSCF take care of the Presentity Presence Proxy, as TS 23.228 defines.', [
    SUBSCRIPTION_LADDER,
    need('the I-CSCF asks the HSS', 'TS 29.228 §6.1.4', 'TS 29.228 §6.1.4.1'),
  ]),
  item('5.3.4-5', 'Locating and accessing the presence server follows TS 23.228 and TS 23.218, also for an unregistered UE.', [
    need('registered: the criteria lead to the presence server', 'TS 23.218 §5.2.3'),
    need('unregistered: an S-CSCF serves all the same', 'TS 23.228 §5.12.1'),
  ]),
  item('5.3.4-6', 'The functions of both proxies are allocated to the CSCF; figure 5.3.4-1 maps them, annex A shows the flows.', [
    SUBSCRIPTION_LADDER,
    need('publication and notification as annex A draws them', 'TS 24.141 §A.5.2.1'),
  ]),
  item('5.3.4-note1', 'NOTE 1: an application server may provide the Presence List Server (dotted in figure 5.3.4-1).', [
    need('one subscription for a whole list', 'RFC 4662 §4.1', 'RFC 4662 §5.2'),
    need('the list server asks for every member in the watcher’s name', 'TS 24.229 §7.2A.6'),
    need('the watcher is told of what changes', 'RFC 4662 §4.5', 'RFC 4662 §5.6'),
  ]),
  item('5.3.4-note2', 'NOTE 2: the SIP routing mechanisms define which CSCF stays in the path of a SUBSCRIBE or NOTIFY.', [
    need('Record-Route keeps a CSCF in the path', 'RFC 3261 §16.6'),
    need('the route set of the dialog names the hops', 'RFC 3261 §12.2.1.1', 'RFC 3261 §16.12'),
  ]),
  item('5.3.4-7', 'The watcher sends SUBSCRIBE with Event: presence to subscribe or fetch; it is routed by IMS and ISC procedures.', [
    need('a subscription', 'RFC 6665 §4.1.2.1', 'RFC 6665 §4.2.1.1'),
    need('a fetch', 'RFC 6665 §4.4.3'),
  ]),
  item('5.3.4-8', 'The presence document comes by NOTIFY along the dialog of the SUBSCRIBE, in its payload.', [
    need('NOTIFY in the dialog', 'RFC 6665 §4.2.2', 'RFC 6665 §4.4.1'),
    need('the watcher reads the document', 'RFC 3856 §6.8', 'RFC 6665 §4.1.3'),
  ]),
  item('5.3.4-9', 'Or it comes by a URL in the NOTIFY, fetched as part of Pw.', [
    need('a URL in the NOTIFY', 'RFC 4483 §5.4'),
    need('the content is fetched and is what was meant', 'RFC 4483 §7', 'RFC 4483 §5.6'),
  ]),
];
