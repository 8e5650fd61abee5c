import { Injectable } from '@nestjs/common';
import type { Language } from '../../../guideline/guideline.js';
import { DomainError } from '../../../platform/domain-error.js';
import { permitsChange } from '../../../platform/http/if-match.js';
import { msg } from '../../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import { PatientResourceSearch } from '../patient-resources.service.js';
import { PATIENT_RESOURCES } from '../served-resources.js';

/** Compares `If-Match` with the version that a read shows. */
@Injectable()
export class CurrentVersions {
  constructor(private readonly resources: PatientResourceSearch) {}

  /** Refuses (412) a change that is based on another version. */
  async refuseOther(
    tx: HospitalTransaction,
    {
      type,
      id,
      ifMatch,
    }: { readonly type: string; readonly id: string | undefined; readonly ifMatch: string | undefined },
    language: Language,
    at: string,
  ): Promise<void> {
    if (ifMatch === undefined) return;
    const served = PATIENT_RESOURCES.find((one) => one.type === type);
    const found = served && id !== undefined ? await this.resources.find(tx, served, id, language) : null;
    const version = found?.meta?.versionId ?? '';
    if (found && permitsChange(ifMatch.replaceAll('W/', ''), `"${version}"`)) return;
    const message = msg('fhir-version-differs', { version });
    throw new DomainError('precondition-failed', 'version-differs', message, [
      { pointer: `${at}.meta.versionId`, code: 'version-differs', message },
    ]);
  }
}
