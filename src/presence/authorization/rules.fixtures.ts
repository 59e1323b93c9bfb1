/** The example of RFC 5025 §6, and one that uses everything else that the schemas have. */
export const EXAMPLE = `<?xml version="1.0" encoding="UTF-8"?>
<cr:ruleset xmlns="urn:ietf:params:xml:ns:pres-rules" xmlns:pr="urn:ietf:params:xml:ns:pres-rules" xmlns:cr="urn:ietf:params:xml:ns:common-policy">
 <cr:rule id="a">
  <cr:conditions><cr:identity><cr:one id="sip:user@example.com"/></cr:identity></cr:conditions>
  <cr:actions><pr:sub-handling>allow</pr:sub-handling></cr:actions>
  <cr:transformations>
   <pr:provide-services>
    <pr:service-uri-scheme>sip</pr:service-uri-scheme>
    <pr:service-uri-scheme>mailto</pr:service-uri-scheme>
   </pr:provide-services>
   <pr:provide-persons><pr:all-persons/></pr:provide-persons>
   <pr:provide-activities>true</pr:provide-activities>
   <pr:provide-user-input>bare</pr:provide-user-input>
   <pr:provide-unknown-attribute ns="urn:vendor-specific:foo-namespace" name="foo">true</pr:provide-unknown-attribute>
  </cr:transformations>
 </cr:rule>
</cr:ruleset>`;

export const EVERYTHING = `<?xml version="1.0" encoding="UTF-8"?>
<cr:ruleset xmlns:pr="urn:ietf:params:xml:ns:pres-rules" xmlns:cr="urn:ietf:params:xml:ns:common-policy" xmlns:ocp="urn:oma:xml:xdm:common-policy">
 <cr:rule id="colleagues">
  <cr:conditions>
   <cr:identity>
    <cr:many domain="example.com"><cr:except id="sip:boss@example.com"/><cr:except domain="lab.example.com"/></cr:many>
    <cr:many/>
   </cr:identity>
   <cr:sphere value="work"/>
   <cr:validity><cr:from>2026-01-05T09:00:00Z</cr:from><cr:until>2026-01-05T17:00:00+01:00</cr:until></cr:validity>
  </cr:conditions>
  <cr:actions><pr:sub-handling>polite-block</pr:sub-handling></cr:actions>
  <cr:transformations>
   <pr:provide-services><pr:all-services/></pr:provide-services>
   <pr:provide-persons><pr:occurrence-id>p1</pr:occurrence-id><pr:class>friends</pr:class></pr:provide-persons>
   <pr:provide-devices><pr:deviceID>urn:uuid:d</pr:deviceID></pr:provide-devices>
   <pr:provide-mood>true</pr:provide-mood>
   <pr:provide-note>false</pr:provide-note>
   <pr:provide-all-attributes/>
  </cr:transformations>
 </cr:rule>
 <cr:rule id="strangers"><cr:conditions><ocp:anonymous-request/></cr:conditions><cr:actions><pr:sub-handling>block</pr:sub-handling></cr:actions></cr:rule>
 <cr:rule id="others"><cr:conditions><ocp:other-identity/></cr:conditions><cr:actions><pr:sub-handling>confirm</pr:sub-handling></cr:actions></cr:rule>
 <cr:rule id="unknown"><cr:conditions><x:moon-phase xmlns:x="urn:x"/></cr:conditions></cr:rule>
</cr:ruleset>`;
