import { describe, expect, it } from 'vitest';
import { checkRemoteCSeq, createDialogRequest, createUasDialog, isLooseRouter, refreshTarget, type Dialog } from './dialog.ts';
import { createRequest, type SipRequest } from './message.ts';

const SUBSCRIBE: readonly (readonly [string, string])[] = [
  ['Record-Route', '<sip:scscf2.home2.net;lr>, <sip:scscf1.home1.net;lr>'],
  ['Record-Route', '<sip:pcscf1.visited1.net;lr>'],
  ['From', '"User One" <sip:user1_public1@home1.net>;tag=31415'],
  ['To', '<sip:user2_public1@home2.net>'],
  ['Call-ID', 'b89rjhnedlrfjflslj40a222'],
  ['CSeq', '61 SUBSCRIBE'],
  ['Contact', '<sip:[2001:db8::1]:1357>'],
];

const subscribe = (): SipRequest => createRequest('SUBSCRIBE', 'sip:user2_public1@home2.net', SUBSCRIBE);
const defined = (dialog: Dialog | undefined): Dialog => {
  if (dialog === undefined) throw new Error('no dialog');
  return dialog;
};
const lines = (request: SipRequest): string[] => [
  `${request.method} ${request.uri}`,
  ...request.headers.fields().map((field) => `${field.name}: ${field.value}`),
];

describe('a dialog', () => {
  it('is made by the notifier from the SUBSCRIBE, its route set in the order of Record-Route', () => {
    expect(createUasDialog(subscribe(), '151170')).toEqual({
      callId: 'b89rjhnedlrfjflslj40a222',
      localTag: '151170',
      remoteTag: '31415',
      localUri: 'sip:user2_public1@home2.net',
      remoteUri: 'sip:user1_public1@home1.net',
      remoteTarget: 'sip:[2001:db8::1]:1357',
      routeSet: ['<sip:scscf2.home2.net;lr>', '<sip:scscf1.home1.net;lr>', '<sip:pcscf1.visited1.net;lr>'],
      localCSeq: 0,
      remoteCSeq: 61,
    });
  });

  it('is made by the watcher from a NOTIFY that overtakes the 200, with the number of its SUBSCRIBE', () => {
    const notifier = defined(createUasDialog(subscribe(), '151170'));
    const notify = createDialogRequest(notifier, 'NOTIFY', [
      ['Contact', '<sip:ps.home2.net>'],
      ['Record-Route', '<sip:pcscf1.visited1.net;lr>'],
    ]).request;
    const watcher = defined(createUasDialog(notify, '31415', 61));
    expect(watcher).toMatchObject({
      localTag: '31415',
      remoteTag: '151170',
      localUri: 'sip:user1_public1@home1.net',
      routeSet: ['<sip:pcscf1.visited1.net;lr>'],
      localCSeq: 61,
      remoteCSeq: 1,
    });
    // A refresh goes on counting from the SUBSCRIBE.
    expect(createDialogRequest(watcher, 'SUBSCRIBE', []).request.headers.get('CSeq')).toBe('62 SUBSCRIBE');
  });

  it('needs exactly one Contact with a sip URI', () => {
    const without = subscribe();
    without.headers.remove('Contact');
    expect(createUasDialog(without, 'x')).toBeUndefined();
    for (const contact of ['<sip:a@b.net>, <sip:c@d.net>', '<tel:+1201>', 'garbage', '*']) {
      const request = subscribe();
      request.headers.set('Contact', contact);
      expect(createUasDialog(request, 'x'), contact).toBeUndefined();
    }
  });
});

describe('a request in a dialog', () => {
  it('goes to the Contact of the peer along the route set, From and To being the URIs of the dialog', () => {
    const { request, dialog, notes } = createDialogRequest(defined(createUasDialog(subscribe(), '151170')), 'NOTIFY', [['Event', 'presence']]);
    expect(lines(request)).toEqual([
      'NOTIFY sip:[2001:db8::1]:1357',
      'Max-Forwards: 70',
      'Route: <sip:scscf2.home2.net;lr>',
      'Route: <sip:scscf1.home1.net;lr>',
      'Route: <sip:pcscf1.visited1.net;lr>',
      'From: <sip:user2_public1@home2.net>;tag=151170',
      'To: <sip:user1_public1@home1.net>;tag=31415',
      'Call-ID: b89rjhnedlrfjflslj40a222',
      'CSeq: 1 NOTIFY',
      'Event: presence',
    ]);
    expect(notes.map((note) => note.header)).toEqual(['Route', 'CSeq']);
    expect(createDialogRequest(dialog, 'NOTIFY', []).request.headers.get('CSeq')).toBe('2 NOTIFY');
  });

  it('goes straight to the Contact without a route set', () => {
    const { request, notes } = createDialogRequest({ ...defined(createUasDialog(subscribe(), 'x')), routeSet: [] }, 'NOTIFY', []);
    expect(request.uri).toBe('sip:[2001:db8::1]:1357');
    expect(request.headers.has('Route')).toBe(false);
    expect(notes[0]).toMatchObject({ op: 'routed', clause: 'RFC 3261 §12.2.1.1' });
  });

  it('follows a strict router as RFC 3261 12.2.1.1 shows', () => {
    const routeSet = ['<sip:proxy1?Subject=x>', '<sip:proxy2>', '<sip:proxy3;lr>', '<sip:proxy4>'];
    const { request, notes } = createDialogRequest(
      { ...defined(createUasDialog(subscribe(), 'x')), remoteTarget: 'sip:user@remoteua', routeSet },
      'NOTIFY',
      [],
    );
    expect(request.uri).toBe('sip:proxy1');
    expect(request.headers.values('Route')).toEqual(['<sip:proxy2>', '<sip:proxy3;lr>', '<sip:proxy4>', '<sip:user@remoteua>']);
    expect(notes[0]?.reason).toContain('strict router');
  });

  it('keeps a peer without tag without tag', () => {
    const old = subscribe();
    old.headers.set('From', '<sip:user1_public1@home1.net>');
    expect(createDialogRequest(defined(createUasDialog(old, 'x')), 'NOTIFY', []).request.headers.get('To')).toBe('<sip:user1_public1@home1.net>');
  });
});

describe('the peer in a dialog', () => {
  it('must count upwards', () => {
    const dialog = defined(createUasDialog(subscribe(), 'x'));
    const next = (number: number): SipRequest => createRequest('SUBSCRIBE', 'sip:ps.home2.net', [['CSeq', `${number} SUBSCRIBE`]]);
    const later = checkRemoteCSeq(dialog, next(63));
    expect(later).toMatchObject({ kind: 'in-order', dialog: { remoteCSeq: 63 } });
    expect(checkRemoteCSeq(later.kind === 'in-order' ? later.dialog : dialog, next(62))).toMatchObject({
      kind: 'out-of-order',
      status: 500,
      note: { op: 'rejected', clause: 'RFC 3261 §12.2.2' },
    });
    expect(checkRemoteCSeq(dialog, next(61)).kind).toBe('out-of-order');
    expect(checkRemoteCSeq({ ...dialog, remoteCSeq: undefined }, next(1)).kind).toBe('in-order');
  });

  it('may move: its new Contact is the target from then on', () => {
    const dialog = defined(createUasDialog(subscribe(), 'x'));
    const refresh = subscribe();
    refresh.headers.set('Contact', '<sip:[2001:db8::9]:1400>;expires=5');
    expect(refreshTarget(dialog, refresh).remoteTarget).toBe('sip:[2001:db8::9]:1400');
    expect(refreshTarget(dialog, subscribe())).toBe(dialog);
    refresh.headers.remove('Contact');
    expect(refreshTarget(dialog, refresh)).toBe(dialog);
  });
});

describe('a route', () => {
  it.each([
    ['sip:proxy.net;lr', true],
    ['sip:proxy.net;transport=tcp;LR', true],
    ['sip:proxy.net;lr=on', true],
    ['sip:user;lr@proxy.net', false],
    ['sip:proxy.net;lrx', false],
    ['sip:proxy.net', false],
  ])('%s is loose: %s', (uri, loose) => {
    expect(isLooseRouter(uri)).toBe(loose);
  });
});
