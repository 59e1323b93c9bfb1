/** What refusals say besides their code: what would have been right (RFC 3261 §21.4; RFC 6665 §4.2.1.1; RFC 3329 §2.3.1). */
import { parseNameAddr } from '#protocol/sip/name-addr.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';
import { finalArrival } from './evidence.ts';
import type { Rule } from './finding.ts';
import { countBefore, groupedInto } from './lookup.ts';
import { rule } from './report.ts';

/** What a refusal has to bring with it, by its code; one of them is enough. */
const FIELDS: ReadonlyMap<number, readonly string[]> = new Map([
  [401, ['WWW-Authenticate']],
  [405, ['Allow']],
  [407, ['Proxy-Authenticate']],
  [415, ['Accept', 'Accept-Encoding', 'Accept-Language']],
  [420, ['Unsupported']],
  [421, ['Require']],
  [423, ['Min-Expires']],
  [489, ['Allow-Events']],
  [494, ['Security-Server']],
]);

export const REFUSAL_SAYS = rule(
  'refusal-says',
  'A refusal says what would have been right, where its code promises that.',
  'RFC 3261 §21.4',
  ({ sip }, blame) => {
    for (const fact of sip) {
      const { message } = fact;
      const fields = message.kind === 'response' ? FIELDS.get(message.status) : undefined;
      if (fields !== undefined && !fields.some((name) => message.headers.has(name))) blame(fact, `has no ${fields.join(' or ')}`);
    }
  },
);

export const TOO_BRIEF = rule(
  'too-brief',
  'A 423 is for less than its Min-Expires and never for an end; who is answered so asks for no less.',
  'RFC 6665 §4.2.1.1',
  ({ transactions }, blame) => {
    for (const transaction of transactions) {
      const { request, responses } = transaction;
      const refused = responses.find(({ message }) => message.status === 423);
      const least = refused === undefined ? undefined : parseDeltaSeconds(refused.message.headers.get('Min-Expires'));
      if (refused === undefined || least === undefined || transaction.children.length > 0) continue;
      const asked = intervalOf(request.message.headers.get('Expires'), request.message.headers.first('Contact'), request.method);
      if (asked === 0) blame(refused, 'calls the end of something too brief');
      else if (asked !== undefined && asked >= least) blame(refused, `calls ${asked} s too brief, and asks for ${least} s`);
    }
    /** By who asks and the Call-ID: what was asked again is among those. */
    const seekers = groupedInto(
      transactions.filter(({ request }) => request.vias.length === 1),
      ({ client, method, request }) => `${client} ${method} ${request.callId}`,
      (all) => ({ all, times: all.map(({ request }) => request.record.sentAt) }),
    );
    for (const transaction of transactions) {
      const final = finalArrival(transaction);
      const least = final?.response.message.status === 423 ? parseDeltaSeconds(final.response.message.headers.get('Min-Expires')) : undefined;
      if (final === undefined || least === undefined || transaction.request.vias.length > 1) continue;
      const { request, client } = transaction;
      // Transactions stand in the order in which they began.
      const same = seekers.get(`${client} ${request.method} ${request.callId}`);
      const again = same?.all[countBefore(same.times, final.at)];
      const asked =
        again === undefined
          ? undefined
          : intervalOf(again.request.message.headers.get('Expires'), again.request.message.headers.first('Contact'), request.method);
      if (again !== undefined && asked !== undefined && asked !== 0 && asked < least)
        blame(again.request, `asks for ${asked} s again, where ${least} s are the least`);
    }
  },
);

/** Seconds; of a REGISTER its contact's own come first. */
function intervalOf(expires: string | undefined, contact: string | undefined, method: string): number | undefined {
  const own = method === 'REGISTER' ? parseDeltaSeconds(parseNameAddr(contact ?? '')?.params.get('expires')) : undefined;
  return own ?? parseDeltaSeconds(expires);
}

export const REFUSAL_RULES: readonly Rule[] = [REFUSAL_SAYS, TOO_BRIEF];
