/** Who may subscribe to which list (RFC 4662 §4.3, §4.4; RFC 4826 §4.5). Omitted: whether the members let the watcher in, which is for their own servers to say. */
import { sameIdentity } from '#ims/node/identity.ts';
import { RLMI_TYPE } from '#presence/lists/rlmi.ts';
import { chooseContentType } from '#presence/subscription/accept.ts';
import type { Authorization, SubscribeFacts } from '#presence/subscription/event-package.ts';
import type { FollowedLists } from './followed-lists.ts';

export function judgeWatcher(lists: FollowedLists, { resource, watcher, request }: SubscribeFacts): Authorization {
  const service = lists.find(resource);
  if (service === undefined) return { decision: 'rejected', status: 404, reason: 'No list has this address here.', clause: 'RFC 3261 §21.4.5' };
  if (service.packages?.includes('presence') === false)
    return { decision: 'rejected', status: 489, reason: 'The list is not for presence.', clause: 'RFC 4826 §4.5' };
  if (chooseContentType(request.headers, [RLMI_TYPE]) === undefined)
    return { decision: 'rejected', status: 406, reason: 'The watcher takes no resource list meta-information.', clause: 'RFC 4662 §4.3' };
  const owners = lists.ownersOf(service.uri);
  if (owners?.some((owner) => sameIdentity(owner, watcher)) === false)
    return { decision: 'rejected', status: 403, reason: 'The list belongs to somebody else.', clause: 'RFC 4662 §4.4' };
  if (service.broken !== undefined) return { decision: 'rejected', status: 502, reason: service.broken, clause: 'RFC 4826 §4.5' };
  const reason =
    owners === undefined
      ? 'The list is open to everybody. Whether its members let the watcher in is for their own servers to say.'
      : 'The list is the own list of the watcher. Whether its members let the watcher in is for their own servers to say.';
  return { decision: 'active', reason, clause: 'RFC 4662 §4.4' };
}
