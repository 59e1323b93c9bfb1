import { describe, expect, it } from 'vitest';
import { createRequest, createResponse, type SipRequest } from '#protocol/sip/message.ts';
import { HeldNotifies } from './held-notifies.ts';

const request = (method: string, callId: string, cseq: number, toTag = ''): SipRequest =>
  createRequest(method, 'sip:user2@home2.net', [
    ['Via', 'SIP/2.0/WS client.invalid;branch=z9hG4bK1'],
    ['From', '<sip:user1@home1.net>;tag=a'],
    ['To', `<sip:user2@home2.net>${toTag}`],
    ['Call-ID', callId],
    ['CSeq', `${cseq} ${method}`],
  ]);
const notify = (callId: string) => request('NOTIFY', callId, 1, ';tag=b');

describe('a NOTIFY before the answer to its SUBSCRIBE', () => {
  it('waits for that answer, those of other dialogs do not', () => {
    const held = new HeldNotifies();
    const subscribe = request('SUBSCRIBE', 'mine', 1);
    held.sent(subscribe);
    expect(held.received(notify('mine'), 'early')).toEqual([]);
    expect(held.received(notify('other'), 'other')).toEqual(['other']);
    expect(held.received(createResponse(subscribe, 100), 'trying')).toEqual(['trying']);
    expect(held.received(notify('mine'), 'early too')).toEqual([]);
    expect(held.received(createResponse(subscribe, 200), 'ok')).toEqual(['ok', 'early', 'early too']);
    expect(held.received(notify('mine'), 'in time')).toEqual(['in time']);
  });

  it('waits through a challenge, which is not the answer', () => {
    const held = new HeldNotifies();
    const subscribe = request('SUBSCRIBE', 'mine', 1);
    held.sent(subscribe);
    expect(held.received(createResponse(subscribe, 401), 'challenge')).toEqual(['challenge']);
    held.sent(request('SUBSCRIBE', 'mine', 2));
    expect(held.received(notify('mine'), 'early')).toEqual([]);
    expect(held.received(createResponse(request('SUBSCRIBE', 'mine', 2), 403), 'no')).toEqual(['no', 'early']);
  });

  it('does not wait for the answer to a refresh, which is sent within the dialog', () => {
    const held = new HeldNotifies();
    held.sent(request('SUBSCRIBE', 'mine', 2, ';tag=b'));
    expect(held.received(notify('mine'), 'text')).toEqual(['text']);
  });
});
