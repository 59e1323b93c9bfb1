import { expect, it } from 'vitest';
import { fileNameOf } from './file-name.ts';

it('a changed run has a name of its own, the plain one the name that it always had', () => {
  const plain = { scenario: 'publish', seed: 1, changes: [] };
  expect(fileNameOf(plain, '0a1b2c3d4e5f', 'pcapng')).toBe('publish-seed-1.pcapng');
  expect(fileNameOf({ ...plain, changes: [{ kind: 'drop', record: 3 }] }, '0a1b2c3d4e5f', 'pcapng')).toBe('publish-seed-1-changed-0a1b2c3d.pcapng');
});
