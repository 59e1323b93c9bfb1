/** How a scenario writes presence rules down (RFC 4745, RFC 5025): the same as their XML says, without its brackets. */
import * as v from 'valibot';
import { ATTRIBUTES, USER_INPUT_DEGREES } from '#presence/authorization/ruleset.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const ruleId = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9._-]*$/, 'an XML id such as friends'), v.maxLength(60));
/** A domain, or the role of a network, which stands for its domain: a scenario does not lean on names. */
const domain = v.pipe(v.string(), v.regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a domain or the role of a network'), v.maxLength(120));
const moment = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a UTC time such as 2026-01-05T09:00:00Z'));

const selection = (kinds: readonly [string, ...string[]]) => v.union([v.literal('all'), v.array(v.strictObject({ kind: v.picklist(kinds), value: text }))]);

export const RuleSchema = v.strictObject({
  id: ruleId,
  /** Whom it names: users by address, or everybody (of a domain) but some. */
  identity: v.optional(
    v.array(
      v.union([
        v.strictObject({ one: text }),
        v.strictObject({
          many: v.strictObject({
            domain: v.optional(domain),
            except: v.optional(v.array(v.union([v.strictObject({ id: text }), v.strictObject({ domain })]))),
          }),
        }),
      ]),
    ),
  ),
  sphere: v.optional(text),
  validity: v.optional(v.pipe(v.array(v.strictObject({ from: moment, until: moment })), v.minLength(1))),
  /** Only watchers for whom nobody vouches; only watchers whom no other rule names. */
  anonymous: v.optional(v.literal(true)),
  otherIdentity: v.optional(v.literal(true)),
  handling: v.optional(v.picklist(['allow', 'confirm', 'polite-block', 'block'])),
  services: v.optional(selection(['service-uri', 'service-uri-scheme', 'occurrence-id', 'class'])),
  persons: v.optional(selection(['occurrence-id', 'class'])),
  devices: v.optional(selection(['deviceID', 'occurrence-id', 'class'])),
  attributes: v.optional(v.union([v.literal('all'), v.array(v.picklist(ATTRIBUTES))])),
  userInput: v.optional(v.picklist(USER_INPUT_DEGREES)),
});

export type RuleOptions = v.InferOutput<typeof RuleSchema>;
