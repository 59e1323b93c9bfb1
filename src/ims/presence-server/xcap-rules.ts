/**
 * Rules that an XDMS keeps (RFC 5025), as a presence server gets them: it follows the documents of everybody (RFC 5875, RFC 4825), and its watchers are judged by them.
 * What cannot be read leaves the rules as they were known.
 */
import type { Chance } from '#base/chance.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { identityKey } from '#ims/node/identity.ts';
import { XcapFollower, type XcapFollowerConfig } from '#ims/node/xcap-follower.ts';
import { isRulesError, parseRuleset } from '#presence/authorization/read-ruleset.ts';
import type { RuleBook } from '#presence/authorization/rule-book.ts';
import type { RulesSource } from './rules-source.ts';

export class XcapRules extends XcapFollower implements RulesSource {
  readonly #changed: Set<string>;

  constructor(config: Omit<XcapFollowerConfig, 'auids' | 'noun'>, book: RuleBook, chance: Chance) {
    const changed = new Set<string>();
    super(
      { ...config, auids: ['pres-rules'], noun: 'rules' },
      (owner, text, out) => {
        const presentity = identityKey(owner);
        const ruleset = text === undefined ? undefined : parseRuleset(text);
        if (ruleset !== undefined && isRulesError(ruleset)) {
          const note = rejected(`The rules of ${presentity} cannot be read: ${ruleset.reason} What is known stays.`, 'RFC 5025 §9.2');
          out.push({ kind: 'note', note });
          return false;
        }
        book.put(presentity, ruleset);
        changed.add(presentity);
        const what = ruleset === undefined ? 'has no rules any more' : `has ${ruleset.rules.length} rules now`;
        out.push({ kind: 'note', note: decided(`${presentity} ${what}: its watchers are judged by them.`, 'RFC 5025 §3.2.1') });
        return true;
      },
      chance,
    );
    this.#changed = changed;
  }

  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }
}
