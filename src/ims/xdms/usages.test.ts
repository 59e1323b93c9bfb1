import { expect, it } from 'vitest';
import { formatServices } from '#presence/lists/resource-lists.ts';
import { RLS_SERVICES_USAGE } from './usages.ts';

const servicesOf = (...uris: readonly string[]): string => formatServices(uris.map((uri) => ({ uri, entries: [] })));

// RFC 4826 §4.4.5: over all documents on the server, whoever keeps them.
it.each([
  ['nobody has', 'sip:mine@home1.net', undefined],
  ['somebody else has for a list', 'sip:his@home1.net', 'sip:his-4@home1.net'],
  ['somebody else has, however it is written', 'sip:his@HOME1.net', 'sip:his-4@HOME1.net'],
  ['somebody has as a person', 'sip:user2@home1.net', 'sip:user2-2@home1.net'],
])('a list gets the address that %s: %s, or another one is named', (_what, uri, instead) => {
  const objection = RLS_SERVICES_USAGE.judge(servicesOf('sip:first@home1.net', uri), {
    xui: 'sip:user1@home1.net',
    root: 'http://xdms1.home1.net/xcap-root',
    others: () => ['<broken', servicesOf('sip:his@home1.net', 'sip:his-2@home1.net')],
    isSomebody: (one) => ['sip:user2@home1.net', 'sip:his-3@home1.net'].includes(one.replace('HOME1', 'home1')),
  });
  expect(objection?.kind).toBe(instead === undefined ? undefined : 'uniqueness-failure');
  expect(objection?.instead?.[0]).toBe(instead);
});
