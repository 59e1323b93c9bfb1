/** An accounting request with everything in it that can be: for tests. */
import { CAUSE_CODE, NODE_FUNCTIONALITY, ROLE_OF_NODE, SUBSCRIPTION_ID_TYPE } from './rf-information.ts';
import { IMS_SERVICE_CONTEXT, RECORD_TYPE } from './rf.ts';

export const REQUEST = {
  sessionId: 'pcscf1.visited1.net;1;2',
  originHost: 'pcscf1.visited1.net',
  originRealm: 'visited1.net',
  destinationHost: 'ccf1.visited1.net',
  destinationRealm: 'visited1.net',
  recordType: RECORD_TYPE.event,
  recordNumber: 0,
  userName: 'user1_private@home1.net',
  at: Date.UTC(2026, 0, 5, 9, 0, 10),
  serviceContext: IMS_SERVICE_CONTEXT,
  subscriptions: [
    { type: SUBSCRIPTION_ID_TYPE.sipUri, identity: 'sip:user1_public1@home1.net' },
    { type: SUBSCRIPTION_ID_TYPE.e164, identity: '12125551111' },
  ],
  ims: {
    method: 'SUBSCRIBE',
    event: 'presence',
    expires: 3600,
    role: ROLE_OF_NODE.originating,
    node: NODE_FUNCTIONALITY.pCscf,
    sessionId: 'b89rjhnedlrfjflslj40a222',
    callingParties: ['sip:user1_public1@home1.net', 'tel:+12125551111'],
    calledParty: 'sip:user2_public1@home2.net',
    requestedParties: ['sip:user2_alias@home2.net'],
    associatedUris: ['sip:user1_public2@home1.net'],
    requestedAt: Date.UTC(2026, 0, 5, 9, 0, 10, 250),
    answeredAt: Date.UTC(2026, 0, 5, 9, 0, 10, 731),
    applicationServers: ['sip:ps.home2.net'],
    operators: [{ originating: 'Type 1visited1.net', terminating: 'Type 1home1.net' }, { originating: 'home1.net' }],
    icid: 'pcscf1-0123456789',
    servedAddress: '2001:db8:a::65',
    capabilities: { mandatory: [1], optional: [2], serverNames: ['sip:scscf1.home1.net'] },
    bodies: [{ type: 'application/pidf+xml', length: 412, disposition: 'render', originator: 0 }],
    causeCode: CAUSE_CODE.endOfSubscribe,
    accessNetworks: ['3GPP-UTRAN-FDD;utran-cell-id-3gpp=234151D0FCE11'],
    from: '<sip:user1_public1@home1.net>;tag=31415',
    visitedNetwork: 'visited1.net',
  },
} as const;
