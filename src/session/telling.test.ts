import { expose, proxy, wrap } from 'comlink';
import { expect, it } from 'vitest';
import { createTelling } from './telling.ts';

it('an answer over a port comes after all news on the way to it', async () => {
  const { port1, port2 } = new MessageChannel();
  const engine = {
    count: async (listener: (n: number) => void): Promise<string> => {
      const { tell, heard } = createTelling(listener);
      for (let n = 1; n <= 50; n++) tell(n);
      await heard();
      return 'over';
    },
  };
  expose(engine, port1);
  const events: (number | string)[] = [];
  const remote = wrap<typeof engine>(port2);
  events.push(await remote.count(proxy((n: number) => void events.push(n))));
  port1.close();
  port2.close();
  expect(events).toEqual([...Array.from({ length: 50 }, (_, i) => i + 1), 'over']);
});
