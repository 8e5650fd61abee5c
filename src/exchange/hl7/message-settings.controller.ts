import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { MessageSettings, settingsIn } from './message-settings.js';

@ApiTags('exchange')
@ApiBearerAuth()
@Controller('hl7v2-settings')
export class MessageSettingsController {
  constructor(private readonly scope: HospitalScope) {}

  @Get()
  @ApiOperation({ summary: 'For how many days HL7 v2 messages are kept' })
  @ApiResponse({ status: 200, standardSchema: MessageSettings })
  async get(): Promise<MessageSettings> {
    return this.scope.transaction((tx) => settingsIn(tx));
  }

  @Put()
  @ApiOperation({ summary: 'Replace these days; the night after deletes what is older' })
  @ApiResponse({ status: 200, standardSchema: MessageSettings })
  async replace(@Body({ schema: MessageSettings }) settings: MessageSettings): Promise<MessageSettings> {
    const { messageDays, otherPeopleDays } = settings;
    return this.scope.transaction(async ({ db, hospital, caller, now }) => {
      await db.query(
        `INSERT INTO hl7_settings (hospital_id, message_days, other_people_days, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (hospital_id) DO UPDATE SET message_days = excluded.message_days,
           other_people_days = excluded.other_people_days, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
        [hospital.id, messageDays, otherPeopleDays, caller.name, now],
      );
      return settings;
    });
  }
}
