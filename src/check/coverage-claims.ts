/** Tests that are about a clause which neither a ladder nor a rule nor the bytes show. A test verifies that each of them stands where it is said to. */
export interface CoverageClaim {
  readonly clause: string;
  /** The file, from the root of the repository. */
  readonly test: string;
  /** Words of the test's title, as they stand in the file. */
  readonly title: string;
}

const claim = (clause: string, test: string, title: string): CoverageClaim => ({ clause, test: `src/${test}`, title });

export const CLAIMS: readonly CoverageClaim[] = [
  claim('RFC 1034 §4.3.1', 'ims/dns-server/dns-server.test.ts', 'are asked of the partner with an id of its own, and the answer goes to the asker'),
  claim('RFC 1034 §4.3.2', 'ims/dns-server/dns-server.test.ts', 'a name outside every zone and partner: NXDOMAIN'),
  claim('RFC 1035 §3.2.1', 'protocol/dns/resolver.test.ts', 'answers with what it learnt until the earliest time to live runs out'),
  claim('RFC 3263 §4.1', 'protocol/dns/resolver.test.ts', 'a domain: NAPTR by order among the transports spoken, then SRV, then the address'),
  claim('RFC 3263 §4.2', 'protocol/dns/resolver.test.ts', 'SRV: lowest priority first; equals are drawn by weight'),
  claim('TS 29.228 §6.1.2', 'ims/hss/hss.test.ts', 'registration brings the profile, the charging functions and the S-CSCF for others'),
  claim('TS 29.228 §6.1.2.1', 'ims/hss/hss.test.ts', 'for an unregistered user stores the S-CSCF: the next LIR needs no selection'),
  claim('TS 29.228 §6.3', 'ims/hss/hss.test.ts', 'is believed by the USIM, is never the same, and its sequence number grows'),
  claim('TS 29.228 §6.1.1', 'ims/i-cscf/i-cscf.test.ts', 'on REGISTER names both identities, the visited network and the kind'),
  claim('TS 29.228 §6.1.4', 'ims/i-cscf/i-cscf.test.ts', 'on any other request names the target in its canonical form'),
  claim('TS 33.203 §6.1.2', 'ims/s-cscf/registrar.test.ts', 'that is wrong is refused with 403, and nobody is registered'),
  claim('TS 33.203 §6.1.4', 'ims/s-cscf/registrar.test.ts', 'a REGISTER over the security association is not challenged again'),
  claim('RFC 3261 §10.2.2', 'ims/s-cscf/registrar.test.ts', 'zero seconds deregister: the HSS is told, the user is gone'),
  claim('RFC 3680 §4.6', 'ims/s-cscf/registrar.test.ts', 'are told that the user came, came again and went'),
  claim('TS 23.218 §5.2.3', 'ims/s-cscf/filter-criteria.test.ts', 'the presence criterion of the presentity fires registered and not'),
  claim('RFC 5025 §3.2.1', 'ims/presence-server/presence-server.test.ts', 'allow shows the state'),
  claim('RFC 3856 §6.8', 'ims/ue/ue.test.ts', 'takes no document that is none for knowledge'),
  claim('RFC 6665 §4.1.3', 'presence/subscription/both-sides.test.ts', 'keeps the rules of RFC 6665 on both sides, and comes to an end'),
  claim('RFC 6665 §4.1.2.4', 'presence/subscription/subscriber-end.test.ts', 'ends a subscription to which no NOTIFY came, and later NOTIFYs find nothing'),
];
