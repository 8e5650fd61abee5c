import { foundTasks } from './found-tasks.js';

const TASKS = [
  { title: 'Undo', steps: { a: 'Press Z within ten seconds.' } },
  { title: '预约检查', steps: { a: '在患者行上按 B。' } },
];
const titles = (typed: string) => foundTasks(TASKS, typed).map(({ title }) => title);

test('every word must be in the title or the steps, in any case', () => {
  expect(titles('undo')).toEqual(['Undo']);
  expect(titles('SECONDS press')).toEqual(['Undo']);
  expect(titles('undo later')).toEqual([]);
  expect(titles('患者')).toEqual(['预约检查']);
});

test('nothing typed finds all', () => {
  expect(titles('  ')).toEqual(['Undo', '预约检查']);
});
