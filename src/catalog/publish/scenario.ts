/** The life of a publication: initial, refresh, modify, remove, and what a wrong entity-tag gets (RFC 3903; TS 24.141 A.4.2.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { publication, PUBLICATION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'publish',
  title: 'The life of a publication',
  summary: 'A user publishes, prolongs, changes and removes presence; each success brings a new entity-tag, and a wrong one is refused.',
  sources: [
    { document: 'TS 24.141', clause: 'A.4.2.1', checked: true },
    { document: 'RFC 3903', clause: '4', checked: true },
  ],
  until: 60,
  chapters: [
    { id: 'prologue', title: 'Registration', at: 0, prologue: true },
    { id: 'initial', title: 'Initial', at: 10 },
    { id: 'refresh', title: 'Refresh', at: 20 },
    { id: 'modify', title: 'Modify', at: 28 },
    { id: 'wrong-tag', title: 'Wrong entity-tag', at: 36 },
    { id: 'remove', title: 'Remove', at: 48 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 10, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 20, who: 'ue2', do: { kind: 'refresh-publication' } },
    { at: 28, who: 'ue2', do: { kind: 'publish', basic: 'open', activities: ['on-the-phone'] } },
    { at: 36, who: 'ue2', do: { kind: 'publish-with-wrong-tag', tag: 'no-such-tag' } },
    { at: 48, who: 'ue2', do: { kind: 'unpublish' } },
  ],
  expectations: [
    { title: 'Initial publication', source: { document: 'TS 24.141', clause: 'A.4.2.1', checked: true }, chapter: 'initial', flows: [PUBLICATION] },
    { title: 'Refresh', source: { document: 'RFC 3903', clause: '4.3', checked: true }, chapter: 'refresh', flows: [PUBLICATION] },
    { title: 'Modification', source: { document: 'RFC 3903', clause: '4.4', checked: true }, chapter: 'modify', flows: [PUBLICATION] },
    {
      title: 'A wrong entity-tag is refused, and the publication starts again',
      source: { document: 'RFC 3903', clause: '5', checked: true },
      chapter: 'wrong-tag',
      flows: [publication('412 Conditional Request Failed (PUBLISH)'), PUBLICATION],
      match: 'contains',
    },
    { title: 'Removal', source: { document: 'RFC 3903', clause: '4.5', checked: true }, chapter: 'remove', flows: [PUBLICATION] },
  ],
} satisfies Scenario;
