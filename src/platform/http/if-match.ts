import type { ApiHeaderOptions } from '@nestjs/swagger';

/** The header of a change, as the API document describes it. */
export const IF_MATCH: ApiHeaderOptions = {
  name: 'If-Match',
  required: false,
  description:
    'The ETag of the version on which the change is based. When another change came first, nothing is changed: 412 ' +
    '`changed-meanwhile`. Without the header the change is carried out.',
};

/** Whether `If-Match` (RFC 9110, section 13.1.1) permits a change of what has this entity tag; without the header: always. */
export const permitsChange = (ifMatch: string | undefined, entityTag: string): boolean =>
  ifMatch === undefined || ifMatch.split(',').some((tag) => ['*', entityTag].includes(tag.trim()));
