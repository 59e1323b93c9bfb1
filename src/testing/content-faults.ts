/** A watcher who is only told where documents are, and how that can be wrong. */
import { type Doctored, header, hop, rewrite, run, without } from './doctor.ts';

const PS = 'ps.home2.net';
const S1 = 'scscf1.home1.net';

export const referred = run({
  until: 50,
  network: { with: ['cs2'] },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 8, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', references: true } },
    { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
  ],
});

const notify = (after: number) => hop(PS, S1, 'NOTIFY', after);
const type = (edit: (value: string) => string): ((text: string) => string) => header('Content-Type', edit);

export const CONTENT_DOCTORED: Doctored = [
  [
    'reference',
    'no end',
    () =>
      rewrite(
        referred,
        notify(8),
        type((value) => value.replace(/;expiration="[^"]*"/, '')),
      ),
  ],
  [
    'reference',
    'no hash',
    () =>
      rewrite(
        referred,
        notify(8),
        type((value) => value.replace(/;hash=\w+/, '')),
      ),
  ],
  [
    'reference',
    'other content under the same Content-ID',
    () => {
      const id = /Content-ID: <(.*?)>/;
      let first = '';
      rewrite(referred, notify(8), (text) => {
        first = id.exec(text)?.[1] ?? '';
        return `${text} `;
      });
      return rewrite(referred, notify(19), (text) => text.replace(id, `Content-ID: <${first}>`));
    },
  ],
  ['reference', 'a watcher who takes none', () => rewrite(referred, hop('scscf2.home2.net', PS, 'SUBSCRIBE', 8), without('Accept'))],
];
