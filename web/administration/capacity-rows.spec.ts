import { capacitiesOf, NEW_ROW, rowsOf } from './capacity-rows.js';

test('rows are read as they were typed', () => {
  const capacities = [
    { place: '内镜中心', activity: 'colonoscopy', perWeekday: [12, 12, 12, 12, 10, 0, null] },
    { place: null, activity: null, perWeekday: [40, 40, 40, 40, 40, null, null] },
  ];
  expect(capacitiesOf(rowsOf(capacities))).toEqual(capacities);
});

test('an empty row is without limits; 0 is no exam at all', () => {
  expect(capacitiesOf([NEW_ROW])).toEqual([
    { place: null, activity: null, perWeekday: [null, null, null, null, null, null, null] },
  ]);
  expect(capacitiesOf([{ ...NEW_ROW, perWeekday: ['0', '', '', '', '', '', ''] }])[0]?.perWeekday[0]).toBe(0);
});
