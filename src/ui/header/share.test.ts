import { describe, expect, it } from 'vitest';
import { createSimulator } from '#store/simulator.ts';
import { createFixtureSession } from '#testing/fixture-session.ts';
import { tellOfLink } from './share.ts';

describe('what is said of a link', () => {
  const said = (length: number) => {
    const simulator = createSimulator(createFixtureSession());
    tellOfLink(simulator, length, 'It is copied.');
    return simulator.store.getState().layout.notice;
  };

  it('is that it is copied, and of a long one how long it is and what to do', () => {
    expect(said(8000)).toEqual({ text: 'It is copied.', tone: 'plain', offer: undefined });
    expect(said(12_345)).toEqual({
      text: 'It is copied. It is 12\u00a0345 characters long: mail and chat may cut it. Export > Run saves the same run as a file.',
      tone: 'plain',
      offer: 'save-run',
    });
  });
});
