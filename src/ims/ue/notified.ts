/** What a UE reads out of the body of a NOTIFY: its own registration (RFC 3680), or the presence of somebody else (RFC 3863). Pure readings with notes. */
import type { Note } from '#base/note.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { summaryOf } from '#presence/pidf/states.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { type ContactEvent, isReginfoError, parseReginfo } from '#presence/reginfo/document.ts';
import type { SubscriberStep } from '#presence/subscription/subscriber.ts';

export type Notified = Extract<SubscriberStep, { kind: 'notified' }>;

/** Why the registration is over, as the network tells it; undefined while it stands. */
export function registrationEnd(step: Notified): ContactEvent | undefined {
  const text = decodeUtf8(step.body);
  const document = text === '' ? undefined : parseReginfo(text);
  if (document === undefined || isReginfoError(document) || document.registrations.some((one) => one.state !== 'terminated')) return undefined;
  return document.registrations.flatMap((one) => one.contacts)[0]?.event ?? 'expired';
}

/** The end in words, and whether the UE is asked to register again: `deactivated` says so, `rejected` says that it would not help. */
export function noteOfRegistrationEnd(event: ContactEvent): Note {
  const clause = 'RFC 3680 §4.7.1';
  switch (event) {
    case 'deactivated':
      return decided('The network has taken the registration away and wants it anew: the UE registers again at once.', clause);
    case 'rejected':
      return decided('The network has taken the registration away for good: to register again would not help.', clause);
    case 'expired':
      return decided('The network says that the registration was not refreshed in time: it is over.', clause);
    default:
      return decided('The network says that the registration is over.', clause);
  }
}

/** What is known of the presentity now; undefined when this NOTIFY tells nothing of it. */
export function presenceIn(step: Notified): { readonly summary?: string; readonly note?: Note } {
  const text = decodeUtf8(step.body);
  if (text === '') return step.state === 'pending' ? { summary: 'not allowed yet' } : {};
  const document = parsePidf(text);
  if (isPidfError(document)) return { note: rejected(`The presence document cannot be read: ${document.reason}`, 'RFC 3863 §4') };
  const summary = summaryOf(document);
  return { summary, note: decided(`The watcher now knows of ${step.subscription.wish.resource}: ${summary}.`, 'RFC 3856 §6.8') };
}
