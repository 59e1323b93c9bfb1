/** Content by reference (RFC 4483): what NOTIFYs say of content that is elsewhere. */
import { EXTERNAL_BODY_TYPE, isReferenceError, readReference } from '#presence/content-indirection/external-body.ts';
import { mediaTypeOf } from '#protocol/sip/values.ts';
import { requestArrival } from './evidence.ts';
import type { Rule } from './finding.ts';
import { latestOf } from './lookup.ts';
import { rule } from './report.ts';

export const REFERENCE = rule(
  'reference',
  'A NOTIFY that only refers to content says where it is, until when, how long it is and what its hash is, to somebody who takes references; other content has another Content-ID.',
  'RFC 4483 §5.6',
  ({ subscriptions }, blame) => {
    /** Content-ID to hash. */
    const known = new Map<string, string>();
    for (const { subscribes, notifies } of subscriptions) {
      const askedAt = latestOf(subscribes, (one) => requestArrival(one) ?? Infinity);
      for (const { request } of notifies) {
        const type = request.message.headers.get('Content-Type') ?? '';
        if (mediaTypeOf(type) !== EXTERNAL_BODY_TYPE) continue;
        const asked = askedAt(request.record.sentAt);
        const takes = asked?.request.message.headers.values('Accept').some((range) => mediaTypeOf(range) === EXTERNAL_BODY_TYPE);
        if (takes !== true) blame(request, 'refers to content, and its watcher does not take references');
        const reference = readReference(type, request.message.body);
        if (isReferenceError(reference)) {
          blame(request, `holds a reference that cannot be followed: ${reference.reason.replace(/\.$/, '')}`);
          continue;
        }
        const { hash, size, contentId } = reference;
        if (hash === undefined || size === undefined || contentId === undefined) blame(request, 'does not say by what its content is recognised');
        else if ((known.get(contentId) ?? hash) !== hash) blame(request, `refers to other content by the same Content-ID ${contentId}`);
        else known.set(contentId, hash);
      }
    }
  },
);

export const CONTENT_RULES: readonly Rule[] = [REFERENCE];
