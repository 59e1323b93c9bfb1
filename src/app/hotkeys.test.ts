import { describe, expect, it } from 'vitest';
import { KEYED_COMMANDS } from '#store/commands.ts';
import { keyOf } from './hotkeys.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('keys', () => {
  it('are named as commands name them, whatever the letter case', () => {
    expect(keyOf({ ...plain, key: 'K' })).toBe('k');
    expect(keyOf({ ...plain, key: '?' })).toBe('?');
    expect(keyOf({ ...plain, key: 'ArrowLeft' })).toBe('ArrowLeft');
    expect(keyOf({ ...plain, key: ' ' })).toBe(' ');
  });

  it('with Ctrl, or the command key of a Mac, are other keys', () => {
    expect(keyOf({ ...plain, ctrlKey: true, key: 'z' })).toBe('Ctrl+z');
    expect(keyOf({ ...plain, metaKey: true, key: 'z' })).toBe('Ctrl+z');
    expect(keyOf({ ...plain, ctrlKey: true, shiftKey: true, key: 'Z' })).toBe('Ctrl+Shift+z');
    expect(keyOf({ ...plain, altKey: true, key: 'ArrowLeft' })).toBe('Alt+ArrowLeft');
  });

  it('of every command can be pressed', () => {
    for (const key of KEYED_COMMANDS.flatMap((command) => command.keys)) {
      const [ctrlKey, shiftKey] = [key.startsWith('Ctrl+'), key.startsWith('Ctrl+Shift+')];
      expect(keyOf({ ...plain, ctrlKey, shiftKey, key: ctrlKey ? key.slice(shiftKey ? 11 : 5) : key })).toBe(key);
    }
  });
});
