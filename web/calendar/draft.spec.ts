import { changesOf, draftOf, rebased } from './draft.js';

const BOOKED = { date: '2026-03-18', time: null, halfDay: 'morning', place: '放射科', note: null };

test('nothing is sent of what the reader left as it was', () => {
  expect(changesOf(BOOKED, draftOf(BOOKED))).toEqual({});
  expect(changesOf(BOOKED, { ...draftOf(BOOKED), note: ' 坐火车来 ' })).toEqual({ note: '坐火车来' });
});

test('an exact time takes the place of the half-day', () => {
  expect(changesOf(BOOKED, { ...draftOf(BOOKED), when: 'exact', time: '09:30' })).toEqual({
    time: '09:30',
    halfDay: null,
  });
  expect(changesOf(BOOKED, { ...draftOf(BOOKED), when: 'open', place: '' })).toEqual({
    halfDay: null,
    place: null,
  });
});

test('after a change of another person, only what the reader touched is kept', () => {
  const newest = { ...BOOKED, date: '2026-03-19', place: '内镜中心' };
  const typed = { ...draftOf(BOOKED), note: '坐火车来' };
  const kept = rebased(typed, BOOKED, newest);
  expect(kept).toEqual({ ...draftOf(newest), note: '坐火车来' });
  expect(changesOf(newest, kept)).toEqual({ note: '坐火车来' });
});
