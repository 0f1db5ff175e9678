import { startTracker } from '@/tests/bench/tracker';

const { port } = await startTracker('127.0.0.1');
console.log(`listening on http://127.0.0.1:${port}`);
