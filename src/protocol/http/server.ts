/** The server's end of an HTTP exchange (RFC 9112): reads a request out of what arrived, and answers on the connection that it came by. Omitted: as in message.ts. */
import type { BytesInput, SendEffect } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { createHttpResponse, encodeHttpMessage, type HttpError, type HttpRequest, type HttpResponse, isHttpError, parseHttpMessage } from './message.ts';

/** The request; or the fault, with what to answer; undefined for a response, which no server has asked for. */
export function readHttpRequest(bytes: Uint8Array): HttpRequest | HttpError | undefined {
  // RFC 9112 §2.2: an empty line in front of a request is read over.
  const message = parseHttpMessage(bytes[0] === 13 && bytes[1] === 10 ? bytes.subarray(2) : bytes);
  if (isHttpError(message)) return message;
  return message.kind === 'request' ? message : undefined;
}

/** RFC 9110 §5.6.7: `Mon, 05 Jan 2026 09:00:00 GMT`; `at`: UTC, milliseconds since 1970. */
export const formatHttpDate = (at: number): string => new Date(at).toUTCString();

/** `method`: of the request that is answered, for people; undefined where it could not be read. `at`: the moment, UTC, in milliseconds since 1970. */
export function httpAnswer(
  { local, remote, connection }: BytesInput,
  response: HttpResponse,
  method: string | undefined,
  sofar: readonly Note[],
  at: number,
): SendEffect {
  // RFC 9110 §6.6.1: a server that has a clock says in every answer (from 200 on, and it may in those of 5xx) when it was made.
  const date = formatHttpDate(at);
  const notes: readonly Note[] = [
    ...sofar,
    { op: 'added', header: 'Date', to: date, reason: 'A server that has a clock says when it has answered.', clause: 'RFC 9110 §6.6.1' },
  ];
  return {
    kind: 'send',
    bytes: encodeHttpMessage({ ...response, fields: [['Date', date], ...response.fields] }),
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
export const answerToFault = (arrived: BytesInput, fault: HttpError, at: number): SendEffect =>
  httpAnswer(arrived, createHttpResponse(fault.status), undefined, [{ op: 'rejected', reason: fault.reason, clause: fault.clause }], at);
