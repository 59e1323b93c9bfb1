/**
 * One NOTIFY for a whole network: an experiment, standardised nowhere. The idea is that of slides of the IETF's SIMPLE group (spec/presence-flows.md section 7.4, S33 slide 9); header field and rules are our own.
 * Whoever tells NOTIFYs on in the watchers' network says so in its SUBSCRIBEs; the presence server then tells a change once, on one of its dialogs, for all of them.
 *
 *     SUBSCRIBE  Common-Notify: nd.home1.net           who tells it on
 *     NOTIFY     Common-Notify: 5f0c…                  this dialog is one of a group
 *     NOTIFY     Common-Notify: 5f0c…;for=all          for every dialog of that group
 */
export const COMMON_NOTIFY = 'Common-Notify';

export interface CommonMark {
  /** Of the dialogs that are shown the same. */
  readonly group: string;
  readonly isForAll: boolean;
}

export const formatMark = ({ group, isForAll }: CommonMark): string => `${group}${isForAll ? ';for=all' : ''}`;

/** Undefined for anything else. */
export function parseMark(value: string | undefined): CommonMark | undefined {
  const found = /^([0-9a-f]{16})(;for=all)?$/.exec(value?.trim() ?? '');
  return found === null ? undefined : { group: found[1] ?? '', isForAll: found[2] !== undefined };
}
