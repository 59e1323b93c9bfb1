/** How a list server follows the lists that their owners keep in an XDMS (RFC 4826 §4; RFC 5875, RFC 4825): what a document says is served as soon as it is there. */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input } from '#base/machine.ts';
import type { SimTime } from '#base/time.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { XcapFollower } from '#ims/node/xcap-follower.ts';
import { HTTP_PORT } from '#protocol/http/port.ts';
import { isServicesError } from '#presence/lists/resource-lists.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { ListServerConfig } from './config.ts';
import type { FollowedLists } from './followed-lists.ts';

export const LIST_IS_NO_MORE = { reason: 'noresource', because: 'The list is no more.', clause: 'RFC 6665 §4.1.3' } as const;

type KeptConfig = Pick<ListServerConfig, 'host' | 'address'> & { readonly kept: NonNullable<ListServerConfig['kept']> };

export class ListKeeping extends XcapFollower {
  readonly #changed: { is: boolean };

  constructor({ host, address, kept }: KeptConfig, lists: FollowedLists, chance: Chance) {
    const changed = { is: false };
    super(
      { host, address, xdms: kept.xdms, auids: ['rls-services', 'resource-lists'], anyDocumentOf: ['resource-lists'], noun: 'lists' },
      (owner, text, out, { auid, document }) => {
        const isReferredTo = auid === 'resource-lists';
        const put = isReferredTo ? lists.putResourceLists(owner, text, document) : lists.put(owner, kept.identitiesOf(owner), text);
        const note = (what: ReturnType<typeof decided>): void => void out.push({ kind: 'note', note: what });
        if (isServicesError(put)) {
          note(rejected(`The lists of ${owner} cannot be read: ${put.reason} What is known stays.`, 'RFC 4826 §4.4'));
          return false;
        }
        for (const uri of put.ofOthers) note(rejected(`${uri} is the address of a list of somebody else: it stays what it is.`, 'RFC 4826 §4.4.8'));
        const count = put.taken === 1 ? '1 list' : `${put.taken} lists`;
        const keeps = isReferredTo
          ? `${owner} keeps ${text === undefined ? 'nothing any more' : 'something else'} in ${document === 'index' ? 'the document' : `the document ${document}`} to which the lists may refer`
          : `${owner} keeps ${text === undefined ? 'no lists any more' : count}`;
        note(decided(`${keeps}: who watches them is told of whoever is on them now.`, 'RFC 4826 §4.5'));
        changed.is = true;
        return true;
      },
      chance,
    );
    this.#changed = changed;
  }

  /** Whether lists have changed since it was asked last. */
  takeChanged(): boolean {
    const was = this.#changed.is;
    this.#changed.is = false;
    return was;
  }

  override isAbout(input: Input): boolean {
    return super.isAbout(input) || (input.kind === 'transport-failed' && input.transport === 'tcp' && input.remote.port === HTTP_PORT);
  }

  isNotify(request: SipRequest): boolean {
    return request.method === 'NOTIFY' && /^xcap-diff *(?:;|$)/i.test(request.headers.get('Event')?.trim() ?? '');
  }

  step(input: Input, now: SimTime, out: Effect[]): void {
    if (input.kind === 'bytes') this.receive(input, now, out);
    else if (input.kind === 'transport-failed') this.transportFailed(input.remote, now, out);
  }
}
