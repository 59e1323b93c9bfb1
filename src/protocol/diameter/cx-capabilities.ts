/** Server-Capabilities (TS 29.229 §6.3): what an S-CSCF must and should be able to do for a user; used on Cx and, to tell which one was chosen, on Rf. */
import { AVP, groupAvp, numberAvp, textAvp, type Avp } from './avp.ts';
import { AvpReader } from './command.ts';

/** What an S-CSCF must (mandatory) and should (optional) be capable of, and which ones the operator names. */
export interface ServerCapabilities {
  readonly mandatory: readonly number[];
  readonly optional: readonly number[];
  readonly serverNames: readonly string[];
}

export function addCapabilities(avps: Avp[], capabilities: ServerCapabilities | undefined): void {
  if (capabilities === undefined) return;
  const { mandatory, optional, serverNames } = capabilities;
  avps.push(
    groupAvp(AVP.serverCapabilities, [
      ...mandatory.map((n) => numberAvp(AVP.mandatoryCapability, n)),
      ...optional.map((n) => numberAvp(AVP.optionalCapability, n)),
      ...serverNames.map((name) => textAvp(AVP.serverName, name)),
    ]),
  );
}

export function readCapabilities(reader: AvpReader): ServerCapabilities | undefined {
  const members = reader.group(AVP.serverCapabilities);
  if (members === undefined) return undefined;
  const inner = new AvpReader(members);
  const capabilities = {
    mandatory: inner.numbers(AVP.mandatoryCapability),
    optional: inner.numbers(AVP.optionalCapability),
    serverNames: inner.texts(AVP.serverName),
  };
  reader.adopt(inner);
  return capabilities;
}
