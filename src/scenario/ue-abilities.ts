/** What only some users do with their UEs: every UE can. */
import { LeanWatcher } from '#ims/ue/lean-watcher.ts';
import { ContentFetcher } from '#ims/ue/content-fetcher.ts';
import { ListWatcher } from '#ims/ue/list-watcher.ts';
import { OwnWatchers } from '#ims/ue/watcher-watching.ts';
import { XcapUser } from '#ims/ue/xcap-user.ts';
import type { UeAbilities } from '#ims/ue/abilities.ts';

export const UE_ABILITIES: UeAbilities = {
  createWatcherWatching: () => new OwnWatchers(),
  createListWatching: () => new ListWatcher(),
  createLeanWatching: () => new LeanWatcher(),
  createContentFetching: (address, startsAt) => new ContentFetcher(address, startsAt),
  createXcapUse: (facts, address, chance) => new XcapUser(facts, address, chance),
};
