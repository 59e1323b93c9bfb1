/**
 * The body by which a network asks a UE to register anew because its S-CSCF is lost (TS 24.229 §7.6, "3GPP IM CN subsystem XML body"):
 * it rides on a 504. Omitted: emergency and everything else that this type can say.
 */
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { SipResponse } from '#protocol/sip/message.ts';
import { mediaTypeOf } from '#protocol/sip/values.ts';
import { childNamed, isXmlError, readXml } from '#protocol/xml/read.ts';
import { escapeXml } from '#protocol/xml/write.ts';

const TYPE = 'application/3gpp-ims+xml';
const ACTION = 'initial-registration';

/** Puts the request to register anew into a 504. */
export function askForRegistration(response: SipResponse, reason: string): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<ims-3gpp version="1">
  <alternative-service>
    <type>restoration</type>
    <reason>${escapeXml(reason)}</reason>
    <action>${ACTION}</action>
  </alternative-service>
</ims-3gpp>
`;
  response.headers.append('Content-Type', TYPE);
  response.body = encodeUtf8(text);
}

/** Whether the network asks for a new initial registration. */
export function asksForRegistration(response: SipResponse): boolean {
  if (response.status !== 504 || mediaTypeOf(response.headers.get('Content-Type') ?? '') !== TYPE) return false;
  const root = readXml(decodeUtf8(response.body));
  if (isXmlError(root)) return false;
  const service = childNamed(root, '', 'alternative-service');
  const action = service === undefined ? undefined : childNamed(service, '', 'action');
  return action?.text.trim() === ACTION;
}
