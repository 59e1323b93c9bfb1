/** What stands in the square of an entity: a drawing, or the letter of the CSCF. Drawn about the origin, 22 units wide. */
import type { EntityKind } from '#trace/record.ts';

export type Glyph = { readonly kind: 'letter'; readonly letter: string } | { readonly kind: 'drawing'; readonly d: string };

export const GLYPHS: Readonly<Record<EntityKind, Glyph>> = {
  ue: { kind: 'drawing', d: 'M-6 -11h12a2 2 0 0 1 2 2v18a2 2 0 0 1 -2 2h-12a2 2 0 0 1 -2 -2v-18a2 2 0 0 1 2 -2zM-2 7.5h4' },
  'p-cscf': { kind: 'letter', letter: 'P' },
  'i-cscf': { kind: 'letter', letter: 'I' },
  's-cscf': { kind: 'letter', letter: 'S' },
  hss: { kind: 'drawing', d: 'M-9.5 -6.5c0 -4.7 19 -4.7 19 0v13c0 4.7 -19 4.7 -19 0zM-9.5 -6.5c0 4.7 19 4.7 19 0M-9.5 0c0 4.7 19 4.7 19 0' },
  // A signpost: it holds nothing itself.
  slf: { kind: 'drawing', d: 'M0 -10.5v21M-4 10.5h8M-8.5 -8h14l4 3.5l-4 3.5h-14zM8.5 1h-14l-4 3.2l4 3.2h14z' },
  'dns-server': {
    kind: 'drawing',
    d: 'M-9 -8.5h18a1.5 1.5 0 0 1 1.5 1.5v4a1.5 1.5 0 0 1 -1.5 1.5h-18a1.5 1.5 0 0 1 -1.5 -1.5v-4a1.5 1.5 0 0 1 1.5 -1.5zM-9 1.5h18a1.5 1.5 0 0 1 1.5 1.5v4a1.5 1.5 0 0 1 -1.5 1.5h-18a1.5 1.5 0 0 1 -1.5 -1.5v-4a1.5 1.5 0 0 1 1.5 -1.5zM-6.5 -5h.1M-6.5 5h.1',
  },
  // A gate: what crosses the border goes through it.
  ibcf: { kind: 'drawing', d: 'M-9.5 9v-16M9.5 9v-16M-9.5 -7c4 -4 15 -4 19 0M-9.5 -1h19M-4 -1v10M4 -1v10' },
  // A padlock.
  'security-gateway': { kind: 'drawing', d: 'M-8 -1h16v10h-16zM-5 -1v-4a5 5 0 0 1 10 0v4M0 3v2.5' },
  // A book, with lines in it.
  'charging-data-function': { kind: 'drawing', d: 'M-8 -9.5h14a2 2 0 0 1 2 2v15a2 2 0 0 1 -2 2h-14zM-8 -9.5v19M-3 -4h7M-3 0h7M-3 4h4' },
  'presence-server': { kind: 'drawing', d: 'M0 -9.5a9.5 9.5 0 1 0 .1 0zM0 -4.5v5l3.6 2.8' },
  'external-watcher': { kind: 'drawing', d: 'M-11 -8.5h22v13h-22zM-4 9h8M0 4.5v4.5' },
  // A person's head above what it is busy with.
  'external-agent': { kind: 'drawing', d: 'M0 -10.5a4 4 0 1 0 .1 0zM-8.5 2.5h17v8h-17zM-3 6.5h6' },
  // A leaf of a calendar.
  'calendar-server': { kind: 'drawing', d: 'M-9 -7.5h18v17h-18zM-9 -2.5h18M-4.5 -10.5v5M4.5 -10.5v5M-5 2h.1M0 2h.1M5 2h.1M-5 6h.1M0 6h.1' },
  // A sheet with a link on it.
  'content-server': { kind: 'drawing', d: 'M-7.5 -10h11l4 4v16h-15zM-3 2.5h2.5M.5 2.5h2.5M-1 0h-1.5a2.5 2.5 0 0 0 0 5h1.5M1 0h1.5a2.5 2.5 0 0 1 0 5h-1.5' },
  // An antenna that listens: what the network knows by itself.
  'network-agent': {
    kind: 'drawing',
    d: 'M0 -2v12M-5 10h10M-4.5 2.5a6.4 6.4 0 0 1 0 -9M4.5 2.5a6.4 6.4 0 0 0 0 -9M-8 6a11.3 11.3 0 0 1 0 -16M8 6a11.3 11.3 0 0 0 0 -16M0 -4.5a2.5 2.5 0 1 0 .1 0',
  },
  // A handset, packets that leave, packets that come in, a place on a map.
  msc: { kind: 'drawing', d: 'M-9.5 -3c0 -6.5 19 -6.5 19 0v2h-5.5v-2.5h-8v2.5h-5.5zM-6 3h12v6h-12z' },
  sgsn: { kind: 'drawing', d: 'M-9 -8h7v7h-7zM2 -8h7v7h-7zM-9 3h7v7h-7zM2 6.5h7M6 3l3.5 3.5l-3.5 3.5' },
  ggsn: { kind: 'drawing', d: 'M-9.5 -8.5v17M-5.5 0h14M4.5 -4.5l4.5 4.5l-4.5 4.5M-5.5 -5h6M-5.5 5h6' },
  gmlc: { kind: 'drawing', d: 'M0 10.5c-4.5 -5.5 -7 -9 -7 -12.5a7 7 0 0 1 14 0c0 3.5 -2.5 7 -7 12.5zM0 -5a2.8 2.8 0 1 0 .1 0' },
  'list-server': { kind: 'drawing', d: 'M-9 -9h18v18h-18zM-5.5 -4.5h2M-1 -4.5h6.5M-5.5 0h2M-1 0h6.5M-5.5 4.5h2M-1 4.5h6.5' },
  'watcher-gateway': { kind: 'drawing', d: 'M-10 -4.5h17M3 -8.5l4 4l-4 4M10 4.5h-17M-3 .5l-4 4l4 4' },
  'xmpp-server': { kind: 'drawing', d: 'M-10.5 -8.5h21v13h-11l-5 5v-5h-5zM-4.5 -4.5l-3 2.5l3 2.5M4.5 -4.5l3 2.5l-3 2.5' },
  // A document with brackets.
  xdms: { kind: 'drawing', d: 'M-7.5 -10.5h10l5 5v16h-15zM2.5 -10.5v5h5M-2 -1l-3 3l3 3M2 -1l3 3l-3 3' },
};
