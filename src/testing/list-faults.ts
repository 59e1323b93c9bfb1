/** A watcher of a list, and how NOTIFYs about it can be wrong. */
import type { Trace } from '#trace/record.ts';
import { type Doctored, header, hop, rewrite, run, without } from './doctor.ts';

const RLS = 'rls.home1.net';
const S1 = 'scscf1.home1.net';
const LIST = 'sip:user1_list1@home1.net';

export const listed = run({
  until: 60,
  network: {
    with: ['rls1'],
    lists: [
      {
        at: 'rls1',
        identity: LIST,
        owner: 'ue1',
        members: [{ uri: 'sip:user2_public1@home2.net' }, { uri: 'sip:nobody@home2.net' }, { uri: 'sip:user1_list2@home1.net' }],
      },
      { at: 'rls1', identity: 'sip:user1_list2@home1.net', members: [{ uri: 'sip:user2_public2@home2.net' }] },
    ],
  },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 8, who: 'ue1', do: { kind: 'subscribe', to: LIST, lists: true } },
    { at: 25, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 35, who: 'ue1', do: { kind: 'refresh', to: LIST } },
    { at: 45, who: 'ue1', do: { kind: 'unsubscribe', to: LIST } },
  ],
});

const told = (after: number, from: string | RegExp, to: string): Trace =>
  rewrite(listed, hop(RLS, S1, 'NOTIFY', after), (text) =>
    text.replace(from, to).replace(/Content-Length: \d+/, () => `Content-Length: ${bodyOf(text.replace(from, to)).length}`),
  );
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4);

export const LISTS_DOCTORED: Doctored = [
  ['list-versions', 'peers C10: a version that is left out', () => told(24, 'version="2"', 'version="3"')],
  ['list-versions', 'peers C10: versions that begin at one', () => told(8, 'version="0"', 'version="1"')],
  ['list-versions', 'a list within it that begins at one', () => told(8, /(user1_list2@home1.net" )version="0"/, '$1version="1"')],
  ['list-complete', 'peers C10: a refresh that is told of changes only', () => told(34, 'fullState="true"', 'fullState="false"')],
  ['list-complete', 'peers C10: a first document that is not complete', () => told(8, 'fullState="true"', 'fullState="false"')],
  ['list-complete', 'somebody who is forgotten', () => told(34, /<resource uri="sip:nobody@home2.net">.*?<\/resource>/s, '')],
  ['list-body', 'peers C10: a part that is not there', () => told(24, / cid="/, ' cid="x')],
  ['list-body', 'peers C10: active without a document', () => told(24, / cid="[^"]*"/, '')],
  ['list-body', 'peers C10: an end without a reason', () => told(10, ' reason="noresource"', '')],
  [
    'list-body',
    'a NOTIFY without a list',
    () =>
      rewrite(
        listed,
        hop(RLS, S1, 'NOTIFY', 24),
        header('Content-Type', () => 'text/plain'),
      ),
  ],
  ['list-negotiated', 'a NOTIFY that does not require eventlist', () => rewrite(listed, hop(RLS, S1, 'NOTIFY', 24), without('Require'))],
  ['list-negotiated', 'a 200 that does not require eventlist', () => rewrite(listed, hop(RLS, S1, '200 OK (SUBSCRIBE)', 8), without('Require'))],
  ['list-negotiated', 'a list for somebody who takes none', () => rewrite(listed, hop(S1, RLS, 'SUBSCRIBE', 8), without('Supported'))],
];
