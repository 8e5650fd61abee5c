import { KeySequence, pressedKeys } from './key-presses.js';

const press = (key: string, more: object = {}) =>
  pressedKeys({
    ...{
      key,
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
      isComposing: false,
      keyCode: 0,
    },
    ...more,
  });

test('keys are named as commands name them', () => {
  expect(press('j')).toBe('j');
  expect(press('X', { shiftKey: true })).toBe('shift+x');
  expect(press('k', { ctrlKey: true })).toBe('ctrl+k');
  expect(press('k', { metaKey: true })).toBe('ctrl+k');
  expect(press('?', { shiftKey: true })).toBe('?');
  expect(press('ArrowDown')).toBe('arrowdown');
});

test('nothing is pressed while an input method composes', () => {
  expect(press('b', { isComposing: true })).toBeUndefined();
  expect(press('Process', { keyCode: 229 })).toBeUndefined();
});

test('two keys in quick succession are a sequence, and one after a pause is not', () => {
  const sequence = new KeySequence();
  expect(sequence.endingWith('g', 0)).toEqual(['g']);
  expect(sequence.endingWith('o', 500)).toEqual(['g o', 'o']);
  sequence.forget();
  expect(sequence.endingWith('g', 1000)).toEqual(['g']);
  expect(sequence.endingWith('o', 3000)).toEqual(['o']);
});
