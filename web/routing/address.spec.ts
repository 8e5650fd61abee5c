import { matchPath, readAddress, writeAddress } from './address.js';

test('an address is read as it was written', () => {
  const address = writeAddress('/worklist', {
    list: 'overdue',
    department: '消化 外科',
    distanceTo: 50,
    owner: undefined,
  });
  expect(readAddress(`${address}#search`)).toEqual({
    path: '/worklist',
    parameters: { list: 'overdue', department: '消化 外科', distanceTo: '50' },
    hash: 'search',
  });
});

test('a path has the form of a route, with or without a stroke at its end', () => {
  expect(matchPath('/patients/:id', '/patients/a%20b/')).toEqual({ id: 'a b' });
  expect(matchPath('/worklist', '/worklist')).toEqual({});
  expect(matchPath('/patients/:id', '/patients')).toBeUndefined();
  expect(matchPath('/worklist', '/parts')).toBeUndefined();
});
