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
  claim('RFC 4662 §4.4', 'ims/list-server/list-server.test.ts', 'is accepted with Require: eventlist, told in full at once'),
  claim('RFC 4662 §5.6', 'presence/lists/lists.test.ts', 'partial state changes the rows that it names, full state replaces all'),
  claim('RFC 5025 §3.2.1', 'ims/presence-server/presence-server.test.ts', 'allow shows the state'),
  claim('RFC 3856 §6.8', 'ims/ue/ue.test.ts', 'takes no document that is none for knowledge'),
  claim('RFC 6665 §4.1.3', 'presence/subscription/both-sides.test.ts', 'keeps the rules of RFC 6665 on both sides, and comes to an end'),
  claim('RFC 6665 §4.1.2.4', 'presence/subscription/subscriber-end.test.ts', 'ends a subscription to which no NOTIFY came, and later NOTIFYs find nothing'),
  claim('RFC 1035 §4.2.1', 'protocol/dns/resolver.test.ts', 'silence: asked again after 1 s and 3 s with the same octets, given up after 5 s'),
  claim('RFC 5452 §9.1', 'protocol/dns/resolver.test.ts', '%s is left aside with a note; the true answer still counts'),
  claim('RFC 6116 §3.2', 'protocol/dns/enum.test.ts', 'turns the digits round'),
  claim('RFC 3261 §8.2', 'ims/node/inspection.test.ts', 'says 405 and what it takes to a method that is not for it, 501 to one that nobody knows'),
  claim('RFC 3261 §10.2', 'ims/external-watcher/external-watcher.test.ts', 'answered %i is over, and nothing is tried again: %s'),
  claim('RFC 3261 §10.2.4', 'ims/ue/ue.test.ts', 'is refreshed at half time, over the security association'),
  claim('RFC 3261 §10.2.6', 'ims/external-watcher/external-watcher.test.ts', 'goes straight to the domain of the identity, for there is no P-CSCF'),
  claim('RFC 3261 §10.2.8', 'ims/ue/ue.test.ts', 'refused as too brief is asked for again, as long as the registrar wants it'),
  claim('RFC 3261 §12.2.2', 'presence/subscription/notifier.test.ts', '%i removes the subscription, and a refresh is answered 481'),
  claim('RFC 3261 §18.2.1', 'protocol/sip/server-transaction.test.ts', 'write received into the Via of a sender that names itself otherwise'),
  claim('RFC 3261 §21.4.5', 'ims/presence-server/presence-server.test.ts', 'is 404 when nobody with this address has presence here'),
  claim('RFC 3261 §21.5.5', 'ims/i-cscf/i-cscf.test.ts', 'whose name the DNS does not know in time: 504 after 5 s'),
  claim('RFC 3265 (clause unchecked)', 'ims/presence-server/presence-server.test.ts', 'is 202 where the older RFC 3265 is followed'),
  claim('RFC 3856 §6.10', 'presence/subscription/notifier.test.ts', 'sends at once, then at most one in five seconds, and then only the latest state'),
  claim('RFC 5626 §5.3', 'ims/p-cscf/p-cscf.test.ts', 'goes back on the way on which the UE registered when it has no security association'),
  claim('RFC 4301 §4.4.1', 'ims/security-gateway/security-gateway.test.ts', 'names do, as they are'),
  claim('RFC 4301 §4.4.2', 'ims/security-gateway/security-gateway.test.ts', 'stops traffic when the agreement has ended'),
  claim(
    'RFC 4301 §5.2',
    'ims/security-gateway/security-gateway.test.ts',
    'a replay, a changed packet, one of no association, one in clear, one without policy',
  ),
  claim('RFC 4303 §3.3', 'ims/security-gateway/security-gateway.test.ts', 'decrypts with the keys of the association what was sent'),
  claim('RFC 7296 §1.3', 'ims/security-gateway/security-gateway.test.ts', 'stops traffic when the agreement has ended'),
  claim('RFC 7296 §1.3.3', 'ims/security-gateway/security-gateway.test.ts', 'is come before: fresh keys, the old ones deleted, nothing lost'),
  claim('RFC 7296 §2.21', 'ims/security-gateway/security-gateway.test.ts', 'gets no tunnel with a wrong secret, and the sender is told nothing'),
  ...['RFC 6120 §9.2.1', 'RFC 6120 §9.2.2', 'RFC 6120 §9.2.3'].map((clause) =>
    claim(clause, 'protocol/xmpp/peers.test.ts', 'open it by a header each way, features with nothing in them, and only then the stanzas'),
  ),
  claim('RFC 6121 §2.5.2', 'ims/xmpp-server/xmpp-server.test.ts', 'the wish to see no more is told, and what was known is forgotten'),
  claim('RFC 6121 §3.1.3', 'ims/xmpp-server/xmpp-server.test.ts', 'the wish becomes a request by the bare address, and the approval a line in the roster'),
  claim('RFC 6121 §3.1.4', 'ims/xmpp-server/xmpp-server.test.ts', 'who approves nobody denies, and says nothing of the account'),
  claim('RFC 6121 §3.1.5', 'ims/xmpp-server/xmpp-server.test.ts', 'who approves everybody says so, and says at once how the account is'),
  claim('RFC 6121 §4.3.1', 'ims/xmpp-server/xmpp-server.test.ts', 'a session begins with a probe for everybody who is seen'),
  claim('RFC 6121 §4.3.2', 'ims/xmpp-server/xmpp-server.test.ts', 'a probe is answered to whom the account is shown, and denied to everybody else'),
  claim(
    'RFC 6121 §4.4.3',
    'ims/xmpp-server/xmpp-server.test.ts',
    'nothing that is said before the approval counts, and afterwards every resource counts until it goes',
  ),
  claim(
    'RFC 6121 §4.5.2',
    'ims/xmpp-server/xmpp-server.test.ts',
    'every new state goes to those who see the account, and the last one says that nobody is there',
  ),
  claim('RFC 6733 §5.3', 'protocol/diameter/peer.test.ts', 'exchanges capabilities on first use, then sends what waited, then goes without'),
  claim('RFC 6733 (clause unchecked)', 'ims/slf/slf.test.ts', 'asks the one that is named, by name'),
  claim('TS 29.228 (clause unchecked)', 'ims/slf/slf.test.ts', 'knows nobody else: 5001; and no other command'),
  claim('TS 29.228 §6.1', 'ims/i-cscf/i-cscf.test.ts', 'the target of a request: %s'),
  claim('TS 29.228 §6.3.1', 'ims/hss/hss.test.ts', 'is believed by the USIM, is never the same, and its sequence number grows'),
  claim('TS 23.141 §A.1', 'ims/ue/ue.test.ts', 'that asked for the next change ends the subscription by itself, after the first other state and not before'),
  ...['TS 33.203 §7.3.1.2', 'TS 33.203 §7.3.1.3'].map((clause) =>
    claim(clause, 'ims/p-cscf/p-cscf-registration.test.ts', '%s: the security associations made for it go at once'),
  ),
  claim('TS 33.203 §7.4.1a', 'ims/ue/ue.test.ts', 'stays unanswered when a person wants it, and is over after four minutes'),
];
