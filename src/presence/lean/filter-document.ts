/** A filter as a watcher writes it (RFC 4661): one filter, its paths with the prefixes of presence documents bound. */
import { type XmlNode, writeXml } from '#protocol/xml/write.ts';
import { SIMPLE_FILTER } from './filter-set.ts';

/** `changed` holds a path, and perhaps from and to. */
export interface WantedFilter {
  readonly id: string;
  readonly enabled?: boolean;
  readonly remove?: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly changed: readonly { readonly path: string; readonly from?: string; readonly to?: string }[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const BINDINGS = [
  ['pidf', 'urn:ietf:params:xml:ns:pidf'],
  ['dm', 'urn:ietf:params:xml:ns:pidf:data-model'],
  ['rpid', 'urn:ietf:params:xml:ns:pidf:rpid'],
] as const;

/** Each trigger by itself: one of them is enough. */
export function formatFilter({ id, enabled, remove, include, exclude, changed, added, removed }: WantedFilter): string {
  const texts = [...include, ...exclude, ...added, ...removed, ...changed.map(({ path }) => path)];
  const used = BINDINGS.filter(([prefix]) => texts.some((text) => text.includes(`${prefix}:`)));
  const leaf =
    (name: string) =>
    (text: string): XmlNode => ({ name, text });
  const trigger = (child: XmlNode): XmlNode => ({ name: 'trigger', children: [child] });
  const what = [...include.map(leaf('include')), ...exclude.map(leaf('exclude'))];
  const attributes = [
    ['id', id],
    ['remove', remove === true ? 'true' : undefined],
    ['enabled', enabled === undefined ? undefined : String(enabled)],
  ] as const;
  const filter: XmlNode = {
    name: 'filter',
    attributes,
    children: [
      ...(what.length === 0 ? [] : [{ name: 'what', children: what }]),
      ...changed.map(({ path, from, to }) =>
        trigger({
          name: 'changed',
          attributes: [
            ['from', from],
            ['to', to],
          ],
          text: path,
        }),
      ),
      ...added.map(leaf('added')).map(trigger),
      ...removed.map(leaf('removed')).map(trigger),
    ],
  };
  const bindings = used.map(([prefix, urn]): XmlNode => ({
    name: 'ns-binding',
    attributes: [
      ['prefix', prefix],
      ['urn', urn],
    ],
  }));
  const children = [...(bindings.length === 0 ? [] : [{ name: 'ns-bindings', children: bindings }]), filter];
  return writeXml({ name: 'filter-set', attributes: [['package', 'presence']], children }, [['', SIMPLE_FILTER]]);
}
