/** Display filters with which Wireshark finds a message of our captures. */
import { toHex } from '#base/bytes.ts';
import { parseDnsMessage } from '#protocol/dns/message.ts';
import { parseDiameterMessage } from '#protocol/diameter/message.ts';
import { factsOf, textOf } from '#trace/message-facts.ts';
import type { MessageRecord } from '#trace/record.ts';

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** Finds this message on all hops (SIP), or with its answer (Diameter, DNS); undefined where nothing in it can be searched for. */
export function wiresharkFilter(message: MessageRecord): string | undefined {
  switch (message.protocol) {
    case 'SIP': {
      const { sip } = factsOf(message);
      if (sip === undefined) return undefined;
      const what =
        sip.status === undefined ? `sip.Method == ${quote(sip.method)}` : `sip.CSeq.method == ${quote(sip.method)} && sip.Status-Code == ${sip.status}`;
      return `sip.Call-ID == ${quote(sip.callId)} && sip.CSeq.seq == ${sip.cseq} && ${what}`;
    }
    case 'Diameter': {
      const parsed = parseDiameterMessage(message.bytes);
      return parsed.kind === 'diameter' ? `diameter.hopbyhopid == 0x${parsed.hopByHop.toString(16).padStart(8, '0')}` : undefined;
    }
    case 'DNS': {
      const parsed = parseDnsMessage(message.bytes);
      return parsed.kind === 'dns' ? `dns.id == 0x${parsed.id.toString(16).padStart(4, '0')}` : undefined;
    }
    case 'ESP':
      return `esp.spi == 0x${toHex(message.bytes.subarray(0, 4))} && esp.sequence == ${new DataView(message.bytes.buffer, message.bytes.byteOffset).getUint32(4)}`;
    case 'IKE':
      return `isakmp.ispi == ${toHex(message.bytes.subarray(0, 8))}`;
    case 'XMPP': {
      const id = /^<(?:presence|message|iq)[^>]*? id='([^'&]+)'/.exec(textOf(message) ?? '')?.[1];
      return id === undefined ? undefined : `xmpp.id == ${quote(id)}`;
    }
    case 'HTTP':
    case 'Report':
      return undefined;
  }
}
