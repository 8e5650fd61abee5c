import { Injectable } from '@nestjs/common';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { DEFAULT_SETTINGS, type MessageSettings, messageSettings } from './message-settings.js';

@Injectable()
export class MessageSettingsService {
  constructor(private readonly scope: HospitalScope) {}

  async get(): Promise<MessageSettings> {
    return this.scope.transaction(async (tx) => (await messageSettings(tx))?.settings ?? DEFAULT_SETTINGS);
  }

  /** Replaces all fields. Messages that wait follow the new settings from now on. */
  async replace(settings: MessageSettings): Promise<MessageSettings> {
    return this.scope.transaction(async ({ db, hospital, caller, now }) => {
      await db.query(
        `INSERT INTO message_settings (hospital_id, settings, enabled_since, changed_by, changed_at)
         VALUES ($1, $2, CASE WHEN $3 THEN $5::timestamptz END, $4, $5)
             ON CONFLICT (hospital_id) DO UPDATE
                SET settings = excluded.settings, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
                    enabled_since = CASE WHEN $3 THEN coalesce(message_settings.enabled_since, excluded.enabled_since) END`,
        [hospital.id, JSON.stringify(settings), settings.enabled, caller.name, now],
      );
      return settings;
    });
  }
}
