/**
 * One NOTIFY for a whole network: an experiment, standardised nowhere. The idea is that of slides of the IETF's SIMPLE group (spec/presence-flows.md section 7.4, S33 slide 9); parameters and rules are our own.
 * Whoever tells NOTIFYs on in the watchers' network says so in its SUBSCRIBEs; the presence server then tells a change once, on one of its dialogs, for all of them.
 *
 *     SUBSCRIBE  Event: presence;tells-on=nd.home1.net                    who tells it on
 *     NOTIFY     Subscription-State: active;expires=…;group=5f0c…         this dialog is one of a group
 *     NOTIFY     Subscription-State: active;expires=…;group=5f0c…;for-all for every dialog of that group
 */

export interface CommonMark {
  /** Of the dialogs that are shown the same. */
  readonly group: string;
  readonly isForAll: boolean;
}

/** What follows in Event. */
export const formatTellsOn = (host: string): string => `;tells-on=${host}`;
/** Undefined where nobody tells on. */
export const parseTellsOn = (event: string | undefined): string | undefined => /;\s*tells-on=([A-Za-z0-9.-]+)/.exec(event ?? '')?.[1];

/** What follows in Subscription-State. */
export const formatMark = ({ group, isForAll }: CommonMark): string => `;group=${group}${isForAll ? ';for-all' : ''}`;

/** Undefined where there is none. */
export function parseMark(state: string | undefined): CommonMark | undefined {
  const found = /;\s*group=([0-9a-f]{16})(;for-all)?(?=;|$)/.exec(state?.trim() ?? '');
  return found === null ? undefined : { group: found[1] ?? '', isForAll: found[2] !== undefined };
}
