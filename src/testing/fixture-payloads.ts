/** Bytes for the hand-made run that are not SIP. For tests and development only. */
import { encodeUtf8 } from '#base/utf8.ts';

/** A plausible Diameter message: header, Session-Id, Origin-Host. */
export function diameter(request: boolean, command: number, texts: readonly (readonly [number, string])[]): Uint8Array {
  const avps = texts.flatMap(([code, text]) => {
    const value = [...encodeUtf8(text)];
    const length = 8 + value.length;
    const padding = new Array<number>((4 - (length % 4)) % 4).fill(0);
    return [0, 0, code >> 8, code & 255, 0x40, length >> 16, (length >> 8) & 255, length & 255, ...value, ...padding];
  });
  const total = 20 + avps.length;
  const header = [1, 0, total >> 8, total & 255, request ? 0xc0 : 0x40, 0, command >> 8, command & 255, 1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 9];
  return new Uint8Array([...header, ...avps]);
}

export function dnsQuestion(name: string, type: number, answer: boolean): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...encodeUtf8(label)]);
  return new Uint8Array([0x12, 0x34, answer ? 0x84 : 0x00, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1]);
}

export function pidf(basic: 'open' | 'closed', note: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:user2_public1@home2.net">`,
    '  <tuple id="ue2">',
    `    <status><basic>${basic}</basic></status>`,
    '    <contact priority="0.8">sip:user2_public1@home2.net</contact>',
    `    <note>${note}</note>`,
    '  </tuple>',
    '</presence>',
    '',
  ].join('\r\n');
}
