/** How much a datagram holds: the length of an IP packet, and of what is in it, has 16 bits (what a host calls EMSGSIZE). The header of IPv4 counts, that of IPv6 does not. */
export const largestDatagram = (transport: 'udp' | 'esp', isVersion4: boolean): number => 0xffff - (isVersion4 ? 20 : 0) - (transport === 'udp' ? 8 : 0);
