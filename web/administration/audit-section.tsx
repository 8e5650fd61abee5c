import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { apiKeysQuery } from '../calls/access.js';
import { auditFile, auditQuery, sealsQuery } from '../calls/audit.js';
import { Failure } from '../calls/failure.js';
import { useInstant } from '../calls/instants.js';
import { useMe } from '../calls/me.js';
import { peopleQuery } from '../calls/people.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { SectionHead } from '../parts/section-page.js';
import { goTo, usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { administrationWords } from './administration-words.js';
import { type AuditAddress, auditAddress, filterOf, readAuditAddress } from './audit-address.js';
import { AuditFilters } from './audit-filters.js';
import { AuditRow } from './audit-row.js';
import { auditWords } from './audit-words.js';

/** The audit trail: filters in the address, entries with their details, a file, and how far it is sealed. */
export default function AuditSection() {
  const frame = useWords(administrationWords);
  const words = useWords(auditWords);
  const { timeZone } = useMe().hospital;
  const address = readAuditAddress(usePlace().parameters);
  const filter = filterOf(address, timeZone);
  const found = useInfiniteQuery(auditQuery(filter));
  const callers = useCallers();
  const [opened, setOpened] = useState<string>();
  const entries = found.data?.pages.flatMap(({ items }) => items);
  const go = (change: AuditAddress): void => goTo(auditAddress({ ...address, ...change }), { replace: true });
  return (
    <>
      <SectionHead title={frame.audit} intro={words.intro}>
        <a className="button button-plain" href={auditFile(filter)} download>
          {words.export}
        </a>
      </SectionHead>
      <SealNotice />
      <AuditFilters address={address} callers={callers} onAddress={go} />
      <Failure error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <Busy text={frame.loading} />}
      {entries?.length === 0 && <EmptyState title={words.none}>{words.noneHelp}</EmptyState>}
      {entries !== undefined && entries.length > 0 && (
        <DataTable
          label={frame.audit}
          head={[words.when, words.who, words.what, words.outcome, words.patients, '']}
        >
          {entries.map((entry) => (
            <AuditRow
              key={entry.id}
              entry={entry}
              who={
                entry.callerKind === 'program'
                  ? words.program
                  : (callers.get(entry.callerId) ?? words.unknown)
              }
              isOpen={entry.id === opened}
              onOpen={() => setOpened(entry.id === opened ? undefined : entry.id)}
              onPatient={(patient) => go({ patient })}
            />
          ))}
        </DataTable>
      )}
      {found.hasNextPage && (
        <p>
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.more}
          </Button>
        </p>
      )}
    </>
  );
}

/** The names of people and keys by id: the trail itself has ids alone. */
function useCallers(): ReadonlyMap<string, string> {
  const people = useQuery(peopleQuery).data ?? [];
  const keys = useQuery(apiKeysQuery).data ?? [];
  return new Map([...people, ...keys].map(({ id, name }) => [id, name]));
}

function SealNotice() {
  const words = useWords(auditWords);
  const instant = useInstant();
  const { data } = useQuery(sealsQuery);
  if (!data) return null;
  const { batches, sealedAt, waiting, oldest } = data;
  const facts = [
    sealedAt === null ? words.notSealed : words.sealed(batches, instant(sealedAt)),
    words.waiting(waiting),
    ...(oldest === null ? [] : [words.keptSince(instant(oldest))]),
  ];
  return (
    <Notice title={facts.join(' · ')}>
      <p className="small">
        {words.verify} <code>{words.verifyCommand}</code>
      </p>
    </Notice>
  );
}
