/** A hand-made but realistic run of the principal flow, for tests and development of the views. Never shipped. */
import type { Trace } from '#trace/record.ts';
import { DNS, FIXTURE_ENTITIES, FIXTURE_LINKS, FIXTURE_NETWORKS, HSS1, HSS2, I2, NOTIFIER_TABLE, P1, P2, PS, S1, S2, UE1, UE2 } from './fixture-network.ts';
import { diameter, dnsQuestion, pidf } from './fixture-payloads.ts';
import { SipDraft, Tape } from './fixture-tape.ts';

const SECOND = 1_000_000;
const RADIO = 22_000;
const CORE = 3_000;
const BORDER = 14_000;
const WATCHER = 'sip:user1_public1@home1.net';
const PRESENTITY = 'sip:user2_public1@home2.net';
const MAX_FORWARDS = 'Every proxy takes one off, so that a loop comes to an end.';
const VIA = 'Every proxy puts its own Via on top, so that the answer finds the same way back.';
const OWN_VIA = 'The Via that it put on the request has done its work.';

/** The response to a request as its receiver makes it. */
function answer(request: SipDraft, status: string, extra: readonly (readonly [string, string])[], body = ''): SipDraft {
  const copied = request.fields.filter(([name]) => ['Via', 'Record-Route', 'From', 'To', 'Call-ID', 'CSeq'].includes(name));
  return new SipDraft(`SIP/2.0 ${status}`, [...copied, ...extra], body);
}

function forwarded(draft: SipDraft, sentBy: string, branch: string): SipDraft {
  return draft
    .add('Via', `SIP/2.0/UDP ${sentBy};branch=z9hG4bK${branch}`, VIA, 'RFC 3261 §16.6')
    .change('Max-Forwards', String(Number(draft.get('Max-Forwards')) - 1), MAX_FORWARDS, 'RFC 3261 §16.6');
}

const passedBack = (draft: SipDraft): SipDraft => draft.remove('Via', OWN_VIA, 'RFC 3261 §16.7');

function register(tape: Tape, ue: string, proxy: string, server: string, hss: string, user: string, home: string, call: string): void {
  tape.intent(tape.now + SECOND, ue, { kind: 'register' });
  const request = new SipDraft(`REGISTER sip:registrar.${home} SIP/2.0`, [
    ['Via', `SIP/2.0/UDP ${ue};branch=z9hG4bKreg${call}`],
    ['Max-Forwards', '70'],
    ['From', `<${user}>;tag=r${call}`],
    ['To', `<${user}>`],
    ['Call-ID', `reg-${call}@${ue}`],
    ['CSeq', '2 REGISTER'],
    ['Contact', `<sip:${ue}:1357>;expires=600000`],
    ['Supported', 'path'],
  ]);
  request.note('decided', 'The user switched the phone on: it asks its home network to know where it is.', 'TS 24.229 (clause unchecked)');
  tape.sip(ue, proxy, RADIO, request);
  forwarded(request, proxy, `p${call}`)
    .add('Path', `<sip:term@${proxy};lr>`, 'Requests for this user must come through this P-CSCF, so it writes itself into the Path.', 'RFC 3327 §5.2')
    .note('routed', `The home network of the user is ${home}; its registrar is asked.`, 'TS 24.229 (clause unchecked)');
  tape.sip(proxy, server, BORDER, request);
  tape.hop({
    from: server,
    to: hss,
    takes: CORE,
    protocol: 'Diameter',
    label: 'SAR',
    bytes: diameter(true, 301, [
      [263, `${server};1;${call}`],
      [1, user],
    ]),
    notes: [
      {
        op: 'decided',
        reason: 'The user has proved who it is: the HSS is told that this S-CSCF serves it, and is asked for the service profile.',
        clause: 'TS 29.228 §6.1.2',
      },
    ],
  });
  tape.hop({
    from: hss,
    to: server,
    takes: CORE,
    protocol: 'Diameter',
    label: 'SAA',
    bytes: diameter(false, 301, [[263, `${server};1;${call}`]]),
    notes: [
      {
        op: 'decided',
        reason: 'The profile holds the initial filter criteria that lead presence requests to the presence server.',
        clause: 'TS 29.228 §6.1.2',
      },
    ],
  });
  const ok = answer(request, '200 OK', [
    ['Contact', `<sip:${ue}:1357>;expires=600000`],
    ['Path', `<sip:term@${proxy};lr>`],
    ['Service-Route', `<sip:orig@${server};lr>`],
    ['P-Associated-URI', `<${user}>`],
  ]);
  ok.note('decided', 'The user is registered; the Service-Route says through which S-CSCF its requests must go.', 'RFC 3608 §6.3');
  tape.state(server, 'registration', user, 'not-registered', 'registered', 'registered');
  tape.sip(server, proxy, BORDER, ok);
  passedBack(ok);
  tape.sip(proxy, ue, RADIO, ok);
}

function publish(tape: Tape, at: number, cseq: number, basic: 'open' | 'closed', note: string, etag: string, before?: string): void {
  tape.intent(at, UE2, { kind: 'publish', basic, note });
  const request = new SipDraft(
    `PUBLISH ${PRESENTITY} SIP/2.0`,
    [
      ['Via', `SIP/2.0/UDP ${UE2};branch=z9hG4bKpub${cseq}`],
      ['Max-Forwards', '70'],
      ['Route', `<sip:${P2}:7531;lr>`],
      ['Route', `<sip:orig@${S2};lr>`],
      ['From', `<${PRESENTITY}>;tag=p${cseq}`],
      ['To', `<${PRESENTITY}>`],
      ['Call-ID', `pub-${cseq}@${UE2}`],
      ['CSeq', `${cseq} PUBLISH`],
      ...(before === undefined ? [] : [['SIP-If-Match', before] as const]),
      ['Event', 'presence'],
      ['Expires', '3600'],
      ['Content-Type', 'application/pidf+xml'],
    ],
    pidf(basic, note),
  );
  request.note('decided', `The user says: “${note}”. The phone publishes it for whoever may know.`, 'RFC 3903 §4');
  tape.sip(UE2, P2, RADIO, request);
  forwarded(request, P2, `p2${cseq}`).remove('Route', 'It names this P-CSCF itself and has done its work.', 'RFC 3261 §16.4');
  request.add(
    'P-Asserted-Identity',
    `<${PRESENTITY}>`,
    'The network vouches for the user, because the message came through its security association.',
    'RFC 3325 §5',
  );
  tape.sip(P2, S2, CORE, request);
  forwarded(request, S2, `s2${cseq}`).change(
    'Route',
    `<sip:${PS};lr>`,
    'The initial filter criteria match PUBLISH with Event: presence.',
    'TS 24.229 (clause unchecked)',
  );
  request.note('routed', 'The filter criteria of the presentity lead to the presence server.', 'TS 24.141 (clause unchecked)');
  tape.sip(S2, PS, CORE, request);
  const ok = answer(request, '200 OK', [
    ['SIP-ETag', etag],
    ['Expires', '3600'],
  ]);
  ok.note('decided', 'The publication is stored under a new entity tag, to be named when it is refreshed or changed.', 'RFC 3903 §6');
  tape.sip(PS, S2, CORE, ok);
  passedBack(ok);
  tape.sip(S2, P2, CORE, ok);
  passedBack(ok);
  tape.sip(P2, UE2, RADIO, ok);
}

/** The SUBSCRIBE with its answers, from the watcher to the presence server and back. */
function subscribe(tape: Tape): void {
  tape.intent(10 * SECOND, UE1, { kind: 'subscribe', to: PRESENTITY });
  const request = new SipDraft(`SUBSCRIBE ${PRESENTITY} SIP/2.0`, [
    ['Via', 'SIP/2.0/UDP [2001:db8:1::a]:1357;branch=z9hG4bKnashds7'],
    ['Max-Forwards', '70'],
    ['Route', `<sip:${P1}:7531;lr>`],
    ['Route', `<sip:orig@${S1};lr>`],
    ['P-Preferred-Identity', `<${WATCHER}>`],
    ['Privacy', 'none'],
    ['From', `<${WATCHER}>;tag=31415`],
    ['To', `<${PRESENTITY}>`],
    ['Call-ID', 'ue1-0003@home1.net'],
    ['CSeq', '1 SUBSCRIBE'],
    ['Require', 'sec-agree'],
    ['Event', 'presence'],
    ['Expires', '7200'],
    ['Accept', 'application/pidf+xml'],
    ['Contact', '<sip:[2001:db8:1::a]:1357>'],
  ]);
  request.note('decided', 'The watcher wants to know how the presentity is, for the next two hours.', 'RFC 3856 §6');
  request.note('routed', 'The Route was learned at registration: first the P-CSCF, then the S-CSCF named by Service-Route.', 'RFC 3608 §6.1');
  tape.sip(UE1, P1, RADIO, request);

  request.remove('Route', 'It names this P-CSCF itself and has done its work.', 'RFC 3261 §16.4');
  forwarded(request, P1, '240f34')
    .remove('P-Preferred-Identity', 'A wish of the user ends here: the network asserts the identity.', 'RFC 3325 §5')
    .add(
      'P-Asserted-Identity',
      `"John Doe" <${WATCHER}>`,
      'The network vouches for the user, because the message came through its security association.',
      'RFC 3325 §5',
    )
    .remove('Require', 'The security agreement concerns only the hop to the phone.', 'RFC 3329 §2.3')
    .add('Record-Route', `<sip:${P1};lr>`, 'The NOTIFYs of this dialog must come through this P-CSCF, so it records itself.', 'RFC 3261 §16.6')
    .add(
      'P-Charging-Vector',
      'icid-value="1-pcscf1-0007"',
      'The first IMS node gives the transaction the identity under which it is charged.',
      'TS 24.229 (clause unchecked)',
    )
    .note('routed', 'The next Route, learned at registration, names the S-CSCF of the watcher.', 'RFC 3261 §16.12');
  tape.sip(P1, S1, BORDER, request);

  tape.hop({
    from: S1,
    to: DNS,
    takes: CORE,
    protocol: 'DNS',
    label: 'DNS NAPTR home2.net',
    bytes: dnsQuestion('home2.net', 35, false),
    notes: [
      {
        op: 'decided',
        reason: 'No filter criterion of the watcher matches; the Request-URI lies in home2.net, whose entry point must be found.',
        clause: 'RFC 3263 §4.1',
      },
    ],
  });
  tape.hop({
    from: DNS,
    to: S1,
    takes: CORE,
    protocol: 'DNS',
    label: 'DNS answer NAPTR home2.net',
    bytes: dnsQuestion('home2.net', 35, true),
    notes: [{ op: 'decided', reason: 'home2.net takes SIP over UDP first; its servers and their addresses come along.', clause: 'RFC 3263 §4.1' }],
  });
  request.remove('Route', 'It names this S-CSCF itself and has done its work.', 'RFC 3261 §16.4');
  forwarded(request, S1, '351g45')
    .add('Record-Route', `<sip:${S1};lr>`, 'It serves the watcher and must see every NOTIFY of this dialog.', 'RFC 3261 §16.6')
    .change(
      'P-Charging-Vector',
      'icid-value="1-pcscf1-0007";orig-ioi=home1.net',
      'The network where the request begins names itself to the next one.',
      'TS 24.229 (clause unchecked)',
    )
    .note('routed', 'DNS gave icscf2-s.home2.net as the door of home2.net.', 'RFC 3263 §4');
  tape.sip(S1, I2, BORDER, request);

  tape.hop({
    from: I2,
    to: HSS2,
    takes: CORE,
    protocol: 'Diameter',
    label: 'LIR',
    bytes: diameter(true, 302, [
      [263, 'icscf2;1;1'],
      [1, PRESENTITY],
    ]),
    notes: [{ op: 'decided', reason: 'Only the HSS knows which S-CSCF serves user2.', clause: 'TS 29.228 §6.1.4' }],
  });
  tape.hop({
    from: HSS2,
    to: I2,
    takes: CORE,
    protocol: 'Diameter',
    label: 'LIA',
    bytes: diameter(false, 302, [
      [263, 'icscf2;1;1'],
      [602, `sip:${S2}`],
    ]),
    notes: [{ op: 'decided', reason: 'user2 is registered and served by scscf2.', clause: 'TS 29.228 §6.1.4' }],
  });
  forwarded(request, I2, '871y12')
    .add('Route', `<sip:${S2};lr>`, 'Server-Name in the LIA names it; nobody outside home2.net knows this name.', 'TS 29.228 §6.1.4')
    .note('routed', 'The HSS said that scscf2 serves user2. It does not record itself: the NOTIFY will not pass here.', 'TS 29.228 §6.1.4');
  tape.sip(I2, S2, CORE, request);

  forwarded(request, S2, '764z87')
    .change(
      'Route',
      `<sip:${PS};lr>`,
      'The initial filter criterion for SUBSCRIBE with Event: presence names the presence server.',
      'TS 24.229 (clause unchecked)',
    )
    .note('routed', 'The terminating filter criteria of user2 match: presence is the business of the presence server.', 'TS 23.218 (clause unchecked)');
  tape.sip(S2, PS, CORE, request);

  tape.state(PS, 'subscription (notifier)', 'ue1-0003@home1.net', 'init', 'subscribe', 'active');
  const ok = answer(request, '200 OK', [
    ['Contact', `<sip:${PS}>`],
    ['Expires', '7200'],
  ]);
  ok.change('To', `<${PRESENTITY}>;tag=151170`, 'The notifier gives the dialog its tag.', 'RFC 6665 §4.2.1').note(
    'decided',
    'The rules of user2 allow this watcher, so the subscription is active for two hours.',
    'RFC 6665 §4.2.1',
  );
  const way = [PS, S2, I2, S1, P1, UE1];
  for (let i = 0; i + 1 < way.length; i++) {
    const from = way[i] ?? '';
    const to = way[i + 1] ?? '';
    if (i > 0) passedBack(ok);
    tape.sip(from, to, to === UE1 ? RADIO : to === S1 || to === P1 ? BORDER : CORE, ok);
  }
}

function notify(tape: Tape, cseq: number, state: string, basic: 'open' | 'closed', note: string, reason: string): void {
  const request = new SipDraft(
    'NOTIFY sip:[2001:db8:1::a]:1357 SIP/2.0',
    [
      ['Via', `SIP/2.0/UDP ${PS};branch=z9hG4bKn${cseq}`],
      ['Max-Forwards', '70'],
      ['Route', `<sip:${S1};lr>`],
      ['Route', `<sip:${P1};lr>`],
      ['From', `<${PRESENTITY}>;tag=151170`],
      ['To', `<${WATCHER}>;tag=31415`],
      ['Call-ID', 'ue1-0003@home1.net'],
      ['CSeq', `${cseq} NOTIFY`],
      ['Event', 'presence'],
      ['Subscription-State', state],
      ['Contact', `<sip:${PS}>`],
      ['Content-Type', 'application/pidf+xml'],
    ],
    pidf(basic, note),
  );
  request
    .note('decided', reason, 'RFC 6665 §4.2.2')
    .note(
      'routed',
      'The route set of the dialog leads straight to the network of the watcher: S-CSCF#2 and I-CSCF#2 did not record themselves.',
      'RFC 3261 §12.2.1.1',
    );
  tape.sip(PS, S1, BORDER, request);
  request.remove('Route', 'It names this S-CSCF itself and has done its work.', 'RFC 3261 §16.4');
  forwarded(request, S1, `s1n${cseq}`)
    .add('Record-Route', `<sip:${S1};lr>`, 'The watcher takes its route set from the NOTIFY.', 'RFC 6665 §4.4.1')
    .note('routed', 'The next Route names the P-CSCF of the watcher.', 'RFC 3261 §16.12');
  tape.sip(S1, P1, BORDER, request);
  request.remove('Route', 'It names this P-CSCF itself and has done its work.', 'RFC 3261 §16.4');
  forwarded(request, P1, `p1n${cseq}`)
    .add('Record-Route', `<sip:${P1}:7531;lr>`, 'The watcher takes its route set from the NOTIFY.', 'RFC 6665 §4.4.1')
    .note('routed', 'The Request-URI is the contact of the watcher, reached through its security association.', 'TS 24.229 (clause unchecked)');
  tape.sip(P1, UE1, RADIO, request);
  const ok = answer(request, '200 OK', []);
  ok.note('decided', 'The watcher has the new state and says so.', 'RFC 6665 §4.1.3');
  tape.sip(UE1, P1, RADIO, ok);
  passedBack(ok);
  tape.sip(P1, S1, BORDER, ok);
  passedBack(ok);
  tape.sip(S1, PS, BORDER, ok);
}

function unsubscribe(tape: Tape): void {
  tape.intent(1800 * SECOND, UE1, { kind: 'unsubscribe', to: PRESENTITY });
  const request = new SipDraft(`SUBSCRIBE sip:${PS} SIP/2.0`, [
    ['Via', 'SIP/2.0/UDP [2001:db8:1::a]:1357;branch=z9hG4bKend1'],
    ['Max-Forwards', '70'],
    ['Route', `<sip:${P1}:7531;lr>`],
    ['Route', `<sip:${S1};lr>`],
    ['From', `<${WATCHER}>;tag=31415`],
    ['To', `<${PRESENTITY}>;tag=151170`],
    ['Call-ID', 'ue1-0003@home1.net'],
    ['CSeq', '2 SUBSCRIBE'],
    ['Event', 'presence'],
    ['Expires', '0'],
    ['Contact', '<sip:[2001:db8:1::a]:1357>'],
  ]);
  request.note('decided', 'Expires: 0 ends the subscription; the dialog lives until the last NOTIFY.', 'RFC 6665 §4.1.2.3');
  tape.sip(UE1, P1, RADIO, request);
  for (const [from, to, branch] of [
    [P1, S1, 'pe'],
    [S1, PS, 'se'],
  ] as const) {
    request.remove('Route', 'It names this proxy itself and has done its work.', 'RFC 3261 §16.4');
    forwarded(request, from, branch).note('routed', 'The route set of the dialog is followed.', 'RFC 3261 §16.12');
    tape.sip(from, to, BORDER, request);
  }
  tape.state(PS, 'subscription (notifier)', 'ue1-0003@home1.net', 'active', 'unsubscribe', 'terminated');
  const ok = answer(request, '200 OK', [
    ['Contact', `<sip:${PS}>`],
    ['Expires', '0'],
  ]);
  ok.note('decided', 'The end is accepted; a last NOTIFY will say so too.', 'RFC 6665 §4.2.1');
  tape.sip(PS, S1, BORDER, ok);
  passedBack(ok);
  tape.sip(S1, P1, BORDER, ok);
  passedBack(ok);
  tape.sip(P1, UE1, RADIO, ok);
  notify(tape, 44, 'terminated;reason=timeout', 'open', 'In a meeting', 'The last NOTIFY carries the state once more and ends the dialog.');
}

/** Builds the run anew at every call (about 60 transmissions, 4 chapters and the prologue). */
export function createFixtureTrace(): Trace {
  const tape = new Tape(FIXTURE_ENTITIES);
  register(tape, UE1, P1, S1, HSS1, WATCHER, 'home1.net', '1');
  register(tape, UE2, P2, S2, HSS2, PRESENTITY, 'home2.net', '2');
  publish(tape, 5 * SECOND, 61, 'open', 'Available', 'tag-1');
  subscribe(tape);
  notify(tape, 42, 'active;expires=7200', 'open', 'Available', 'A new subscriber gets the whole state at once.');
  publish(tape, 60 * SECOND, 62, 'open', 'In a meeting', 'tag-2', 'tag-1');
  notify(tape, 43, 'active;expires=7149', 'open', 'In a meeting', 'The state has changed, and this watcher asked to be told.');
  unsubscribe(tape);
  return {
    version: 1,
    engine: '0.1.0',
    scenario: 'subscribe-across-networks',
    title: 'A watcher subscribes across two networks',
    summary:
      'A watcher of home1.net, roaming in visited1.net, subscribes to a presentity of home2.net, gets the current state, and is notified when it changes.',
    sources: [
      { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      { document: 'TS 24.141', clause: 'A.4.2.1', checked: true },
      { document: 'TS 24.141', clause: 'A.5.2.1', checked: true },
    ],
    seed: 1,
    changes: [],
    startsAt: '2026-01-01T08:00:00Z',
    until: 1810 * SECOND,
    networks: FIXTURE_NETWORKS,
    entities: FIXTURE_ENTITIES,
    links: FIXTURE_LINKS,
    chapters: [
      { id: 'prologue', title: 'Prologue', at: 0, prologue: true },
      { id: 'subscribe', title: 'Subscribe', at: 10 * SECOND },
      { id: 'publish', title: 'Publish and notify', at: 60 * SECOND },
      { id: 'unsubscribe', title: 'Unsubscribe', at: 1800 * SECOND },
    ],
    tables: [NOTIFIER_TABLE],
    endedInFlight: [],
    records: tape.records,
  };
}
