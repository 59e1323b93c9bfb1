/** Which body format a watcher wants (RFC 3261 §20.1, RFC 6665 §3.1.3). */
import type { HeaderFields } from '#protocol/sip/header-fields.ts';
import { mediaTypeOf, parseParameterized } from '#protocol/sip/values.ts';

/**
 * The one of `offered` that the Accept of a request likes best (in case of a tie the first offered); the first offered when there is no Accept,
 * which stands for the default of the package; undefined when it takes none of them.
 */
export function chooseContentType(headers: HeaderFields, offered: readonly string[]): string | undefined {
  const ranges = headers.values('Accept');
  if (ranges.length === 0) return headers.has('Accept') ? undefined : offered[0];
  let best: string | undefined;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > bestQuality) {
      best = type;
      bestQuality = quality;
    }
  }
  return best;
}

/** The quality that the most specific range covering `type` gives it; 0 when none does. */
function qualityOf(type: string, ranges: readonly string[]): number {
  let quality = 0;
  let specificity = -1;
  for (const range of ranges) {
    const media = mediaTypeOf(range);
    const exactness = media === type ? 2 : media === '*/*' ? 0 : media !== undefined && media.endsWith('/*') && type.startsWith(media.slice(0, -1)) ? 1 : -1;
    if (exactness <= specificity) continue;
    specificity = exactness;
    quality = range.indexOf(';') < 0 ? 1 : qualityParameter(range);
  }
  return quality;
}

function qualityParameter(range: string): number {
  const q = Number(parseParameterized(range)?.params.get('q') ?? '1');
  return q >= 0 && q <= 1 ? q : 0;
}
