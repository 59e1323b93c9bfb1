/**
 * Filters of a subscription (RFC 4660, RFC 4661): read from the body of a SUBSCRIBE, kept by id over the dialog, and replaced, disabled or removed by later ones.
 * A set that breaks a rule is refused whole.
 */
import { childrenNamed, isXmlError, readXml, type XmlElement } from '#protocol/xml/read.ts';
import { parsePath, type Path } from './filter-paths.ts';

export const FILTER_TYPE = 'application/simple-filter+xml';
export const SIMPLE_FILTER = 'urn:ietf:params:xml:ns:simple-filter';
const MOST_FILTERS = 20;
const MOST_PATHS = 50;

/** What is told: the elements of a path, or all of a namespace. */
export type Selection = Path | { readonly namespace: string };

export interface Changed {
  readonly path: Path;
  readonly from?: string;
  readonly to?: string;
  readonly by?: number;
}

/** All of it has to happen. */
export interface Trigger {
  readonly changed: readonly Changed[];
  readonly added: readonly Path[];
  readonly removed: readonly Path[];
}

export interface Filter {
  readonly id: string;
  /** Whom it is for; whoever was subscribed to when neither is there. */
  readonly uri?: string;
  readonly domain?: string;
  readonly isEnabled: boolean;
  readonly include: readonly Selection[];
  readonly exclude: readonly Selection[];
  readonly triggers: readonly Trigger[];
}

export type Filters = ReadonlyMap<string, Filter>;

class Fault extends Error {}

/** `filters` after what `text` says, or what is wrong with it: a sentence. */
export function changeFilters(filters: Filters, text: string): Filters | string {
  const root = readXml(text);
  if (isXmlError(root)) return root.reason;
  try {
    return changed(filters, root);
  } catch (fault) {
    if (fault instanceof Fault) return fault.message;
    throw fault;
  }
}

function changed(filters: Filters, root: XmlElement): Filters {
  if (root.namespace !== SIMPLE_FILTER || root.name !== 'filter-set') throw new Fault(`The root element is ${root.name}, not filter-set.`);
  const pack = root.attributes.get('package');
  if (pack !== undefined && pack !== 'presence') throw new Fault(`The filters are for the package ${pack}.`);
  const prefixes = new Map<string, string>();
  for (const bindings of childrenNamed(root, SIMPLE_FILTER, 'ns-bindings'))
    for (const { attributes } of childrenNamed(bindings, SIMPLE_FILTER, 'ns-binding'))
      prefixes.set(attributes.get('prefix') ?? '', attributes.get('urn') ?? '');
  const elements = childrenNamed(root, SIMPLE_FILTER, 'filter');
  if (elements.length === 0) throw new Fault('The set holds no filter.');
  const next = new Map(filters);
  for (const element of elements) {
    const id = element.attributes.get('id');
    if (id === undefined || id === '') throw new Fault('A filter has no id.');
    if (truth(element, 'remove', false)) next.delete(id);
    else next.set(id, readFilter(id, element, prefixes, next.get(id)));
  }
  if (next.size > MOST_FILTERS) throw new Fault(`There would be more than ${MOST_FILTERS} filters.`);
  // RFC 4660 §3.3.3: two filters for one resource are an error.
  const targets = [...next.values()].map(({ uri, domain }) => `${uri ?? ''} ${domain ?? ''}`);
  if (new Set(targets).size < targets.length) throw new Fault('Two filters are for the same resource.');
  return next;
}

function truth({ attributes }: XmlElement, name: string, otherwise: boolean): boolean {
  const value = attributes.get(name)?.trim();
  if (value === undefined) return otherwise;
  if (!/^(true|false|1|0)$/.test(value)) throw new Fault(`${name} is neither true nor false.`);
  return value === 'true' || value === '1';
}

function readFilter(id: string, element: XmlElement, prefixes: ReadonlyMap<string, string>, before: Filter | undefined): Filter {
  const uri = element.attributes.get('uri');
  const domain = element.attributes.get('domain');
  if (uri !== undefined && domain !== undefined) throw new Fault(`The filter ${id} is for a resource and for a domain.`);
  const isEnabled = truth(element, 'enabled', true);
  const target = { ...(uri === undefined ? {} : { uri }), ...(domain === undefined ? {} : { domain }) };
  const whats = childrenNamed(element, SIMPLE_FILTER, 'what');
  const triggers = childrenNamed(element, SIMPLE_FILTER, 'trigger');
  if (whats.length === 0 && triggers.length === 0) {
    // RFC 4661 §3.4: what was said before may be left out when a filter is switched.
    if (before === undefined) throw new Fault(`The filter ${id} says neither what nor when.`);
    return { ...before, ...target, isEnabled };
  }
  if (whats.length > 1) throw new Fault(`The filter ${id} says twice what is wanted.`);
  const path = (text: string): Path => {
    const read = parsePath(text, prefixes);
    if (typeof read === 'string') throw new Fault(read);
    return read;
  };
  const selections = (name: string): Selection[] =>
    whats
      .flatMap((what) => childrenNamed(what, SIMPLE_FILTER, name))
      .map((one) => {
        const type = one.attributes.get('type') ?? 'xpath';
        if (type === 'namespace') return { namespace: one.text.trim() };
        if (type !== 'xpath') throw new Fault(`The type ${type} is unknown.`);
        const selected = path(one.text);
        if (selected.attribute !== undefined) throw new Fault(`The path ${selected.text} leads to an attribute: only whole elements can be picked here.`);
        return selected;
      });
  const filter = {
    id,
    ...target,
    isEnabled,
    include: selections('include'),
    exclude: selections('exclude'),
    triggers: triggers.map((one) => readTrigger(one, path)),
  };
  const paths =
    filter.include.length + filter.exclude.length + filter.triggers.reduce((sum, one) => sum + one.added.length + one.removed.length + one.changed.length, 0);
  if (paths > MOST_PATHS) throw new Fault(`The filter ${id} holds more than ${MOST_PATHS} paths.`);
  return filter;
}

function readTrigger(element: XmlElement, path: (text: string) => Path): Trigger {
  const paths = (name: string): Path[] => childrenNamed(element, SIMPLE_FILTER, name).map(({ text }) => path(text));
  const changes = childrenNamed(element, SIMPLE_FILTER, 'changed').map(({ attributes, text }): Changed => {
    const [from, to, by] = [attributes.get('from'), attributes.get('to'), attributes.get('by')];
    if (by !== undefined && !/^\d+(\.\d+)?$/.test(by)) throw new Fault(`${by} is no amount by which something could change.`);
    return { path: path(text), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...(by === undefined ? {} : { by: Number(by) }) };
  });
  return { changed: changes, added: paths('added'), removed: paths('removed') };
}
