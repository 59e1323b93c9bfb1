/** When soft state is refreshed: the rule of TS 24.229 §5.1.1.4 for registrations, used here for every subscription and publication. */
import { type SimTime, after, seconds } from '#base/time.ts';

/** The moment to refresh what is granted for `expires` seconds from `now`: 600 s before the end of more than 1200 s, else at half time. */
export function refreshAt(now: SimTime, expires: number): SimTime {
  return after(now, seconds(expires > 1200 ? expires - 600 : expires / 2));
}
