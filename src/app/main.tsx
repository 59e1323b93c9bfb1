import { createWorkerSession } from '#session/worker-session.ts';
import { mount } from './mount.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');
mount(root, createWorkerSession());
