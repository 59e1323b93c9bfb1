/** The server's end of an HTTP exchange (RFC 9112): reads a request out of what arrived, and answers on the connection that it came by. Omitted: as in message.ts. */
import type { BytesInput, SendEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { createHttpResponse, encodeHttpMessage, type HttpError, type HttpRequest, type HttpResponse, isHttpError, parseHttpMessage } from './message.ts';

/** The request; or the fault, with what to answer; undefined for a response, which no server has asked for. */
export function readHttpRequest(bytes: Uint8Array): HttpRequest | HttpError | undefined {
  const message = parseHttpMessage(bytes);
  if (isHttpError(message)) return message;
  return message.kind === 'request' ? message : undefined;
}

/** `method`: of the request that is answered, for people; undefined where it could not be read. */
export function httpAnswer({ local, remote, connection }: BytesInput, response: HttpResponse, method: string | undefined, notes: readonly Note[]): SendEffect {
  return {
    kind: 'send',
    bytes: encodeHttpMessage(response),
    protocol: 'HTTP',
    label: `${response.status} ${response.reason}${method === undefined ? '' : ` (${method})`}`,
    transport: 'tcp',
    local,
    remote,
    ...(connection === undefined ? {} : { connection }),
    notes,
  };
}

/** What is said to somebody whose request could not be read. */
export const answerToFault = (arrived: BytesInput, fault: HttpError): SendEffect =>
  httpAnswer(arrived, createHttpResponse(fault.status), undefined, [{ op: 'rejected', reason: fault.reason, clause: 'RFC 9112 (clause unchecked)' }]);
