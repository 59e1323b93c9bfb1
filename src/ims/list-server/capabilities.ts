/** What a list server takes (RFC 4662 §4.1, RFC 3261 §8.2). */
import type { UasCapabilities } from '#protocol/sip/server-checks.ts';

export const EVENTLIST = 'eventlist';

/** The body of a NOTIFY is judged by what was asked for; that of a SUBSCRIBE would be a filter. */
export const NOTIFICATIONS: UasCapabilities = {
  methods: ['SUBSCRIBE', 'NOTIFY'],
  schemes: ['sip', 'sips'],
  extensions: [EVENTLIST],
  contentTypes: ['*'],
  contentEncodings: [],
};
export const SUBSCRIPTIONS: UasCapabilities = { ...NOTIFICATIONS, contentTypes: [] };
