/** What opens, refuses and ends an XML stream between servers (RFC 6120 §9.2.1, §9.2.2). Omitted: `xml:lang`, and every feature: none is offered here. */
import { attributesText } from './stanza.ts';
import { SERVER_NAMESPACE, STREAM_NAMESPACE, type StreamCondition } from './stream.ts';

export const STREAM_VERSION = '1.0';

/** The header of a stream. Whoever receives a stream gives it an id in the answer. */
export const formatStreamHeader = ({ from, to, id }: { readonly from: string; readonly to: string | undefined; readonly id?: string }): string =>
  `<?xml version='1.0'?><stream:stream${attributesText([
    ['from', from],
    ['id', id],
    ['to', to],
    ['version', STREAM_VERSION],
    ['xmlns', SERVER_NAMESPACE],
    ['xmlns:stream', STREAM_NAMESPACE],
  ])}>`;

/** Nothing has to be negotiated: the stream may be used. */
export const NO_FEATURES = '<stream:features/>';
export const STREAM_END = '</stream:stream>';

export const formatStreamError = (condition: StreamCondition): string =>
  `<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>${STREAM_END}`;
