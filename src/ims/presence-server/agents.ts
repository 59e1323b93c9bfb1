/** Whom from outside the trusted networks a presence server lets publish (TS 23.141 (clause unchecked)). Handed in where its network has agreed with such agents; types only. */
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import type { PublicationSource } from '#presence/publication/source.ts';
import type { SipRequest } from '#protocol/sip/message.ts';

export type AgentVerdict =
  | { readonly kind: 'admitted'; readonly source: PublicationSource; readonly note: Note }
  | { readonly kind: 'refused'; readonly status: number; readonly fields: readonly (readonly [string, string])[]; readonly note: Note };

export interface AgentAdmission {
  /** May whoever sent this PUBLISH, for whom no network vouches, publish for the presentity? */
  judge(request: SipRequest, presentity: string, now: SimTime): AgentVerdict;
  viewTable(now: SimTime): ViewTable;
}
