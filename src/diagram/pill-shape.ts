/** Outlines of packets: the shape tells the protocol where the colour cannot (and the legend shows the same shapes). */
import type { Protocol } from '#base/machine.ts';

/** Path of a packet of that size about the origin: SIP a pill, Diameter pointed, DNS a box, HTTP with two round corners, XMPP slanted, IKE with cut corners, ESP closed in itself by a second line, a report a sheet with a folded corner. */
export function pillShape(protocol: Protocol, width: number, height: number): string {
  const w = width / 2;
  const h = height / 2;
  switch (protocol) {
    case 'SIP':
      return `M${-w + h} ${-h}H${w - h}A${h} ${h} 0 0 1 ${w - h} ${h}H${-w + h}A${h} ${h} 0 0 1 ${-w + h} ${-h}Z`;
    case 'Diameter': {
      const point = h * 0.75;
      return `M${-w + point} ${-h}H${w - point}L${w} 0L${w - point} ${h}H${-w + point}L${-w} 0Z`;
    }
    case 'DNS': {
      const r = height * 0.14;
      return `M${-w + r} ${-h}H${w - r}Q${w} ${-h} ${w} ${-h + r}V${h - r}Q${w} ${h} ${w - r} ${h}H${-w + r}Q${-w} ${h} ${-w} ${h - r}V${-h + r}Q${-w} ${-h} ${-w + r} ${-h}Z`;
    }
    case 'HTTP':
      return `M${-w} ${-h}H${w - h}A${h} ${h} 0 0 1 ${w - h} ${h}H${-w}Z`;
    case 'XMPP': {
      const slant = h * 0.7;
      return `M${-w + slant} ${-h}H${w}L${w - slant} ${h}H${-w}Z`;
    }
    case 'IKE': {
      const cut = h * 0.6;
      return `M${-w + cut} ${-h}H${w - cut}L${w} ${-h + cut}V${h - cut}L${w - cut} ${h}H${-w + cut}L${-w} ${h - cut}V${-h + cut}Z`;
    }
    case 'ESP':
      return `M${-w} ${-h}H${w}V${h}H${-w}ZM${-w + 2} ${-h}V${h}M${w - 2} ${-h}V${h}`;
    case 'Report': {
      const fold = h * 0.9;
      return `M${-w} ${-h}H${w - fold}L${w} ${-h + fold}V${h}H${-w}ZM${w - fold} ${-h}V${-h + fold}H${w}`;
    }
  }
}
