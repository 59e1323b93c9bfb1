/** What a presentity's word about a watcher means for the subscription. */
import type { Handling } from '#presence/authorization/ruleset.ts';
import type { Authorization } from '#presence/subscription/event-package.ts';

/** Presence rules' sub-handling (RFC 5025 §3.2.1) as what a notifier does. */
export const DECISIONS: Readonly<Record<Handling, Authorization>> = {
  allow: { decision: 'active', reason: 'The rules of the presentity let this watcher see everything.', clause: 'RFC 5025 §3.2.1' },
  confirm: { decision: 'pending', reason: 'The presentity has to be asked about this watcher first: the subscription waits.', clause: 'RFC 5025 §3.2.1' },
  'polite-block': { decision: 'polite', reason: 'This watcher is to believe that all is well, and sees nothing.', clause: 'RFC 5025 §3.2.1' },
  block: { decision: 'rejected', status: 403, reason: 'The rules of the presentity refuse this watcher.', clause: 'RFC 5025 §3.2.1' },
};

/** The name of everybody who has none (RFC 3323 §4.1.1.3). */
export const UNIDENTIFIED = 'sip:anonymous@anonymous.invalid';
