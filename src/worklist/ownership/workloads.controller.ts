import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import type { Staff } from './owners.js';
import { OwnerPerson, personView } from './ownership-schemas.js';
import { MOST_COUNTED, type Workload, Workloads } from './workloads.service.js';

const WorkloadView = z
  .object({
    person: OwnerPerson.extend({
      active: z.boolean().describe('false: the account is closed, and the head nurse owns the patients'),
    }),
    patients: z.int().describe('As the responsible nurse'),
    named: z.int().describe('Patients for whom the person was named for a duty'),
    standIn: OwnerPerson.extend({ until: z.iso.date().describe('The last day') })
      .nullable()
      .describe('Who works for the person today'),
    coveredPeople: z.array(OwnerPerson).describe('For whom the person works today'),
  })
  .meta({ id: 'Workload' });

const WorkloadsView = z
  .object({
    items: z.array(WorkloadView),
    unowned: z
      .int()
      .describe(`Patients with open items who have no owner of their own; counted up to ${MOST_COUNTED}`),
  })
  .meta({ id: 'Workloads' });

const OwnWorkloadView = WorkloadView.extend({
  owned: z.int().describe('Patients of whom the person owns a duty today, handovers included'),
  items: z
    .array(
      z.object({
        activity: z.string(),
        overdue: z.int(),
        due: z.int(),
        comingWeek: z.int().describe('Due within the next seven days'),
      }),
    )
    .describe('Open items of these patients'),
}).meta({ id: 'OwnWorkload' });

const PossibleOwnersView = z.object({ items: z.array(OwnerPerson) }).meta({ id: 'PossibleOwners' });

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('owners')
export class WorkloadsController {
  constructor(private readonly workloads: Workloads) {}

  @Get()
  @ApiOperation({ summary: 'Who has how many patients' })
  @ApiResponse({ status: 200, standardSchema: WorkloadsView })
  async all(): Promise<z.input<typeof WorkloadsView>> {
    const { staff, workloads, unowned } = await this.workloads.all();
    return { items: workloads.map((workload) => viewOf(staff, workload)), unowned };
  }

  @Get('people')
  @ApiOperation({ summary: 'To whom a patient can be handed over: names alone, without workloads' })
  @ApiResponse({ status: 200, standardSchema: PossibleOwnersView })
  async people(): Promise<z.input<typeof PossibleOwnersView>> {
    const people = await this.workloads.people();
    return { items: people.map(({ id, name }) => ({ id, name })) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'What one person owns today, with counts' })
  @ApiResponse({ status: 200, standardSchema: OwnWorkloadView })
  async of(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof OwnWorkloadView>> {
    const { staff, workload } = await this.workloads.of(id);
    return { ...viewOf(staff, workload), owned: workload.owned, items: [...workload.items] };
  }
}

const viewOf = (
  staff: Staff,
  { person, patients, named, standIn, coveredPeople }: Workload,
): z.input<typeof WorkloadView> => ({
  person: { id: person.id, name: person.name, active: person.active },
  ...{ patients, named },
  standIn: standIn && { ...personView(staff, standIn.id), until: standIn.until },
  coveredPeople: coveredPeople.map((id) => personView(staff, id)),
});
