import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The work calendar: China's public holidays and make-up workdays, the same for all hospitals, and the days that a
 * hospital enters or imports. The national days are a materialized view, so that nobody can write them: a later year comes
 * with a later migration, or as an import of the hospital.
 */
export class WorkCalendar1799300000000 implements MigrationInterface {
  name = 'WorkCalendar1799300000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE MATERIALIZED VIEW national_day AS
        SELECT day::date AS day, kind, name_zh, name_en
          FROM (VALUES ${NATIONAL_DAYS.flatMap(rowsOf).join(', ')}) AS listed (day, kind, name_zh, name_en);
      CREATE UNIQUE INDEX national_day_idx ON national_day (day);
      GRANT SELECT ON national_day TO nedwatch_app;

      CREATE TABLE work_calendar_day (
        hospital_id  uuid NOT NULL REFERENCES hospital,
        day          date NOT NULL,
        kind         text NOT NULL,
        name         text NOT NULL,
        changed_by   text NOT NULL,
        changed_at   timestamptz NOT NULL,
        PRIMARY KEY (hospital_id, day),
        CONSTRAINT work_calendar_day_kind_check CHECK (kind IN ('closure', 'extra_workday'))
      );
      CALL bind_to_hospital('work_calendar_day');
      GRANT DELETE ON work_calendar_day TO nedwatch_app;

      CREATE TABLE work_calendar_year (
        hospital_id  uuid NOT NULL REFERENCES hospital,
        year         integer NOT NULL,
        papers       text[] NOT NULL,
        days         jsonb NOT NULL,
        imported_by  text NOT NULL,
        imported_at  timestamptz NOT NULL,
        PRIMARY KEY (hospital_id, year)
      );
      CALL bind_to_hospital('work_calendar_year');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE work_calendar_year, work_calendar_day; DROP MATERIALIZED VIEW national_day');
  }
}

const NAMES: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  new_year: ['元旦', "New Year's Day"],
  spring_festival: ['春节', 'Spring Festival'],
  tomb_sweeping: ['清明节', 'Tomb-sweeping Day'],
  labour_day: ['劳动节', 'Labour Day'],
  dragon_boat: ['端午节', 'Dragon Boat Festival'],
  mid_autumn: ['中秋节', 'Mid-autumn Festival'],
  national_day: ['国庆节', 'National Day'],
  victory_70: ['抗战胜利70周年纪念日', '70th anniversary of victory in the war of resistance'],
};

/** The SQL rows of one line: days off before the bar, make-up workdays after it. */
function rowsOf(line: string): string[] {
  const [head = '', listed = ''] = line.split(': ');
  const [year = '', festival = ''] = head.split(' ');
  const name = (NAMES[festival] ?? []).map((text) => `'${text.replaceAll("'", "''")}'`).join(', ');
  return listed.split('|').flatMap((days, index) =>
    days
      .trim()
      .split(' ')
      .filter((range) => range !== '')
      .flatMap((range) => daysOf(year, range))
      .map((day) => `('${day}', '${index === 0 ? 'holiday' : 'makeup_workday'}', ${name})`),
  );
}

function daysOf(year: string, range: string): string[] {
  const [first = '', last = first] = range.split('/').map((day) => Date.parse(`${year}-${day}`));
  const days: string[] = [];
  for (let day = Number(first); day <= Number(last); day += 86_400_000)
    days.push(new Date(day).toISOString().slice(0, 10));
  return days;
}

/** 2004 to 2026, from chinese-days 1.5.7; a test compares them. A day of December belongs to its own year. */
const NATIONAL_DAYS: readonly string[] = [
  '2004 new_year: 01-01',
  '2004 spring_festival: 01-22/01-28 | 01-17/01-18',
  '2004 labour_day: 05-01/05-07 | 05-08/05-09',
  '2004 national_day: 10-01/10-07 | 10-09/10-10',
  '2005 new_year: 01-01/01-03',
  '2005 spring_festival: 02-09/02-15 | 02-05/02-06',
  '2005 labour_day: 05-01/05-07 | 04-30 05-08',
  '2005 national_day: 10-01/10-07 | 10-08/10-09',
  '2006 new_year: 01-01/01-03 | 12-30/12-31',
  '2006 spring_festival: 01-29/02-04 | 01-28 02-05',
  '2006 labour_day: 05-01/05-07 | 04-29/04-30',
  '2006 national_day: 10-01/10-07 | 09-30 10-08',
  '2007 new_year: 01-01/01-03 12-30/12-31 | 12-29',
  '2007 spring_festival: 02-18/02-24 | 02-17 02-25',
  '2007 labour_day: 05-01/05-07 | 04-28/04-29',
  '2007 national_day: 10-01/10-07 | 09-29/09-30',
  '2008 new_year: 01-01',
  '2008 spring_festival: 02-06/02-12 | 02-02/02-03',
  '2008 tomb_sweeping: 04-04/04-06',
  '2008 labour_day: 05-01/05-03 | 05-04',
  '2008 dragon_boat: 06-07/06-09',
  '2008 mid_autumn: 09-13/09-15',
  '2008 national_day: 09-29/10-05 | 09-27/09-28',
  '2009 new_year: 01-01/01-03 | 01-04',
  '2009 spring_festival: 01-25/01-31 | 01-24 02-01',
  '2009 tomb_sweeping: 04-04/04-06',
  '2009 labour_day: 05-01/05-03',
  '2009 dragon_boat: 05-28/05-30 | 05-31',
  '2009 national_day: 10-01/10-02 10-04/10-08 | 09-27 10-10',
  '2009 mid_autumn: 10-03',
  '2010 new_year: 01-01/01-03',
  '2010 spring_festival: 02-13/02-19 | 02-20/02-21',
  '2010 tomb_sweeping: 04-03/04-05',
  '2010 labour_day: 05-01/05-03',
  '2010 dragon_boat: 06-14/06-16 | 06-12/06-13',
  '2010 mid_autumn: 09-22/09-24 | 09-19 09-25',
  '2010 national_day: 10-01/10-07 | 09-26 10-09',
  '2011 new_year: 01-01/01-03 | 12-31',
  '2011 spring_festival: 02-02/02-08 | 01-30 02-12',
  '2011 tomb_sweeping: 04-03/04-05 | 04-02',
  '2011 labour_day: 04-30/05-02',
  '2011 dragon_boat: 06-04 06-06',
  '2011 mid_autumn: 09-10/09-12',
  '2011 national_day: 10-01/10-07 | 10-08/10-09',
  '2012 new_year: 01-01/01-03',
  '2012 spring_festival: 01-22/01-28 | 01-21 01-29',
  '2012 tomb_sweeping: 04-02/04-04 | 03-31/04-01',
  '2012 labour_day: 04-29/05-01 | 04-28',
  '2012 dragon_boat: 06-22 06-24',
  '2012 national_day: 10-01/10-07 | 09-29',
  '2012 mid_autumn: 09-30',
  '2013 new_year: 01-01/01-03 | 01-05/01-06',
  '2013 spring_festival: 02-09/02-15 | 02-16/02-17',
  '2013 tomb_sweeping: 04-04/04-06 | 04-07',
  '2013 labour_day: 04-29/05-01 | 04-27/04-28',
  '2013 dragon_boat: 06-10/06-12 | 06-08/06-09',
  '2013 mid_autumn: 09-19/09-21 | 09-22',
  '2013 national_day: 10-01/10-07 | 09-29 10-12',
  '2014 new_year: 01-01',
  '2014 spring_festival: 01-31/02-06 | 01-26 02-08',
  '2014 tomb_sweeping: 04-05/04-07',
  '2014 labour_day: 05-01/05-03 | 05-04',
  '2014 dragon_boat: 06-02',
  '2014 mid_autumn: 09-08',
  '2014 national_day: 10-01/10-07 | 09-28 10-11',
  '2015 new_year: 01-01/01-03 | 01-04',
  '2015 spring_festival: 02-18/02-24 | 02-15 02-28',
  '2015 tomb_sweeping: 04-05/04-06',
  '2015 labour_day: 05-01',
  '2015 dragon_boat: 06-20 06-22',
  '2015 victory_70: 09-03/09-04 | 09-06',
  '2015 mid_autumn: 09-27',
  '2015 national_day: 10-01/10-07 | 10-10',
  '2016 new_year: 01-01',
  '2016 spring_festival: 02-07/02-13 | 02-06 02-14',
  '2016 tomb_sweeping: 04-04',
  '2016 labour_day: 05-01/05-02',
  '2016 dragon_boat: 06-09/06-11 | 06-12',
  '2016 mid_autumn: 09-15/09-17 | 09-18',
  '2016 national_day: 10-01/10-07 | 10-08/10-09',
  '2017 new_year: 01-01/01-02',
  '2017 spring_festival: 01-27/02-02 | 01-22 02-04',
  '2017 tomb_sweeping: 04-02/04-04 | 04-01',
  '2017 labour_day: 05-01',
  '2017 dragon_boat: 05-28/05-30 | 05-27',
  '2017 national_day: 10-01/10-03 10-05/10-08 | 09-30',
  '2017 mid_autumn: 10-04',
  '2018 new_year: 01-01 12-30/12-31 | 12-29',
  '2018 spring_festival: 02-15/02-21 | 02-11 02-24',
  '2018 tomb_sweeping: 04-05/04-07 | 04-08',
  '2018 labour_day: 04-29/05-01 | 04-28',
  '2018 dragon_boat: 06-18',
  '2018 mid_autumn: 09-24',
  '2018 national_day: 10-01/10-07 | 09-29/09-30',
  '2019 new_year: 01-01',
  '2019 spring_festival: 02-04/02-10 | 02-02/02-03',
  '2019 tomb_sweeping: 04-05/04-07',
  '2019 labour_day: 05-01/05-04 | 04-28 05-05',
  '2019 dragon_boat: 06-07/06-09',
  '2019 mid_autumn: 09-13/09-15',
  '2019 national_day: 10-01/10-07 | 09-29 10-12',
  '2020 new_year: 01-01',
  '2020 spring_festival: 01-24/02-02 | 01-19',
  '2020 tomb_sweeping: 04-04/04-06',
  '2020 labour_day: 05-01/05-05 | 04-26 05-09',
  '2020 dragon_boat: 06-25/06-27 | 06-28',
  '2020 national_day: 10-01/10-08 | 09-27 10-10',
  '2021 new_year: 01-01/01-03',
  '2021 spring_festival: 02-11/02-17 | 02-07 02-20',
  '2021 tomb_sweeping: 04-03/04-05',
  '2021 labour_day: 05-01/05-05 | 04-25 05-08',
  '2021 dragon_boat: 06-12/06-14',
  '2021 mid_autumn: 09-19/09-21 | 09-18',
  '2021 national_day: 10-01/10-07 | 09-26 10-09',
  '2022 new_year: 01-01/01-03 12-31',
  '2022 spring_festival: 01-31/02-06 | 01-29/01-30',
  '2022 tomb_sweeping: 04-03/04-05 | 04-02',
  '2022 labour_day: 04-30/05-04 | 04-24 05-07',
  '2022 dragon_boat: 06-03/06-05',
  '2022 mid_autumn: 09-10/09-12',
  '2022 national_day: 10-01/10-07 | 10-08/10-09',
  '2023 new_year: 01-01/01-02',
  '2023 spring_festival: 01-21/01-27 | 01-28/01-29',
  '2023 tomb_sweeping: 04-05',
  '2023 labour_day: 04-29/05-03 | 04-23 05-06',
  '2023 dragon_boat: 06-22/06-24 | 06-25',
  '2023 mid_autumn: 09-29',
  '2023 national_day: 09-30/10-06 | 10-07/10-08',
  '2024 new_year: 01-01',
  '2024 spring_festival: 02-10/02-17 | 02-04 02-18',
  '2024 tomb_sweeping: 04-04/04-06 | 04-07',
  '2024 labour_day: 05-01/05-05 | 04-28 05-11',
  '2024 dragon_boat: 06-10',
  '2024 mid_autumn: 09-15/09-17 | 09-14',
  '2024 national_day: 10-01/10-07 | 09-29 10-12',
  '2025 new_year: 01-01',
  '2025 spring_festival: 01-28/02-04 | 01-26 02-08',
  '2025 tomb_sweeping: 04-04/04-06',
  '2025 labour_day: 05-01/05-05 | 04-27',
  '2025 dragon_boat: 05-31/06-02',
  '2025 national_day: 10-01/10-05 10-07/10-08 | 09-28 10-11',
  '2025 mid_autumn: 10-06',
  '2026 new_year: 01-01/01-03 | 01-04',
  '2026 spring_festival: 02-15/02-23 | 02-14 02-28',
  '2026 tomb_sweeping: 04-04/04-06',
  '2026 labour_day: 05-01/05-05 | 05-09',
  '2026 dragon_boat: 06-19/06-21',
  '2026 national_day: 10-01/10-07 | 09-20 10-10',
  '2026 mid_autumn: 09-25/09-27',
];
