/** The header fields that are stacks: the topmost entry is used, and taken off, next. */
import { parseNameAddr } from '#protocol/sip/name-addr.ts';
import { isListField } from '#protocol/sip/header-names.ts';
import { splitList } from '#protocol/sip/lists.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import { parseVia } from '#protocol/sip/via.ts';
import type { Story } from '#store/story.ts';
import type { TraceEntity } from '#trace/record.ts';
import type { HeaderLine } from './sip-text.ts';

export interface Stack {
  readonly name: string;
  /** What it is for, in a few words. */
  readonly purpose: string;
  /** From the top. */
  readonly plates: readonly { readonly host: string; readonly entity: TraceEntity | undefined }[];
}

const PURPOSES: Readonly<Record<string, string>> = {
  Route: 'where it goes next',
  Via: 'the way back of the answer',
  'Record-Route': 'who stays in the dialog',
  Path: 'the way to the user',
  'Service-Route': 'the way out for the user',
};

export function stacksOf(story: Story, headers: readonly HeaderLine[]): readonly Stack[] {
  return Object.entries(PURPOSES).flatMap(([name, purpose]) => {
    const values = headers.filter((line) => line.name === name).flatMap(({ value }) => (isListField(name) ? splitList(value) : [value]));
    const plates = values.map((value) => {
      const host = hostOf(name, value);
      return { host, entity: entityAt(story, host) };
    });
    return plates.length === 0 ? [] : [{ name, purpose, plates }];
  });
}

function hostOf(name: string, value: string): string {
  if (name === 'Via') return parseVia(value)?.host ?? value;
  const uri = parseUri(parseNameAddr(value)?.uri ?? value);
  return uri?.kind === 'sip' ? uri.host : value;
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase();

const entityAt = (story: Story, host: string): TraceEntity | undefined =>
  story.trace.entities.find(({ id, addresses }) => id === bare(host) || addresses.some((address) => bare(address) === bare(host)));
