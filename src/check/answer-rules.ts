/** Diameter and DNS: every answer has its question, which had arrived (RFC 6733 §6.2; RFC 1035 §7.3). */
import { parseDiameterMessage, type DiameterMessage } from '#protocol/diameter/message.ts';
import { parseDnsMessage, type DnsMessage } from '#protocol/dns/message.ts';
import type { MessageRecord } from '#trace/record.ts';
import type { Rule } from './finding.ts';
import { rule } from './report.ts';

interface Asked {
  readonly record: MessageRecord;
  answered: boolean;
}

export const DIAMETER_ANSWERS = rule(
  'diameter-answer',
  'A Diameter answer has the identifiers of a request that had arrived, and there is one of it.',
  'RFC 6733 §6.2',
  ({ messages }, blame) => {
    const requests = new Map<string, Asked>();
    const key = (from: string, to: string, m: DiameterMessage): string => `${from} ${to} ${m.command} ${m.hopByHop} ${m.endToEnd}`;
    for (const record of messages) {
      if (record.protocol !== 'Diameter') continue;
      const message = parseDiameterMessage(record.bytes);
      if (message.kind === 'diameter-error') blame({ record }, `cannot be read: ${message.fault}`);
      else if (message.request) requests.set(key(record.from, record.to, message), { record, answered: false });
      else {
        const asked = requests.get(key(record.to, record.from, message));
        if (asked === undefined) blame({ record }, 'answers no request');
        else if (asked.answered) blame({ record }, 'answers a request a second time');
        else if (asked.record.arrivedAt === undefined || asked.record.arrivedAt > record.sentAt) blame({ record }, 'answers a request that had not arrived');
        if (asked !== undefined) asked.answered = true;
      }
    }
  },
);

export const DNS_ANSWERS = rule(
  'dns-answer',
  'A DNS answer has the identifier and the question of a query that had arrived.',
  'RFC 1035 §7.3',
  ({ messages }, blame) => {
    const queries = new Map<string, MessageRecord[]>();
    const key = (a: string, b: string, m: DnsMessage): string => `${a} ${b} ${m.id} ${m.questions.map((q) => `${q.name.toLowerCase()} ${q.type}`).join()}`;
    for (const record of messages) {
      if (record.protocol !== 'DNS') continue;
      const message = parseDnsMessage(record.bytes);
      if (message.kind !== 'dns') {
        blame({ record }, 'cannot be read');
        continue;
      }
      const name = message.response ? key(record.dst, record.src, message) : key(record.src, record.dst, message);
      const asked = queries.get(name) ?? [];
      if (!message.response) {
        asked.push(record);
        queries.set(name, asked);
      } else if (!asked.some(({ arrivedAt }) => arrivedAt !== undefined && arrivedAt <= record.sentAt))
        blame({ record }, 'answers a question that nobody had asked');
    }
  },
);

export const ANSWER_RULES: readonly Rule[] = [DIAMETER_ANSWERS, DNS_ANSWERS];
