/** An ESP association pair of a tunnel (RFC 4301 §4.4.2): what the Security Association Database holds of it. */
import type { SimTime } from '#base/time.ts';
import { type EspKeys, ReplayWindow } from '#protocol/ipsec/esp.ts';

export interface Association {
  /** Under which the own side receives, and the peer. */
  readonly inboundSpi: number;
  readonly outboundSpi: number;
  readonly inboundKeys: EspKeys;
  readonly outboundKeys: EspKeys;
  /** Whether the own side began its negotiation, and so looks after its end. */
  readonly own: boolean;
  readonly createdAt: SimTime;
  readonly endsAt: SimTime;
  /** Packets sent: the last sequence number. */
  sent: number;
  received: number;
  readonly window: ReplayWindow;
}

export function createAssociation(parts: Omit<Association, 'sent' | 'received' | 'window'>): Association {
  return { ...parts, sent: 0, received: 0, window: new ReplayWindow() };
}

export const spiText = (spi: number): string => `0x${spi.toString(16).padStart(8, '0')}`;

export const spiBytes = (spi: number): Uint8Array => {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, spi);
  return out;
};

/** Undefined when it is not four bytes long. */
export const readSpi = (bytes: Uint8Array | undefined): number | undefined =>
  bytes?.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) : undefined;
