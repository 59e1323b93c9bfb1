/** The event package presence.winfo (RFC 3857): who watches presence. Default 3600 s, at most one NOTIFY in 5 s (RFC 3857 §4.10). */
import { seconds } from '#base/time.ts';
import type { PackageFacts } from '../subscription/event-package.ts';
import { WATCHERINFO_TYPE } from './document.ts';

export const WINFO = 'presence.winfo';

export const WINFO_FACTS: PackageFacts = {
  name: WINFO,
  contentTypes: [WATCHERINFO_TYPE],
  defaultExpires: 3600,
  minExpires: 60,
  maxExpires: 86_400,
  minInterval: seconds(5),
};
