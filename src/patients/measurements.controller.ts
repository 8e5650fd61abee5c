import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { COMPARATORS } from '../guideline/measurements.js';
import { type HospitalMeasurement, MeasurementsService } from './measurements.service.js';

const Text = z.object({ zh: z.string(), en: z.string() });
const span = { from: z.number(), to: z.number() };

const MeasurementView = z
  .object({
    activity: z.string().describe('The activity of the exam'),
    code: z.string(),
    title: Text,
    unit: z.string().describe('The UCUM unit in which values are stored'),
    otherUnits: z
      .record(z.string(), z.int())
      .describe('Units that are converted: the power of ten by which a value is multiplied'),
    plausible: z.object(span).describe('A value beyond these is refused'),
    comparators: z.array(z.enum(COMPARATORS)).describe('What may stand before a value'),
    referenceLimit: z
      .object({ limit: z.number(), limitOf: z.enum(['hospital', 'default']), ...span })
      .describe(
        'A value above it has to be judged, unless the laboratory gives a limit of its own, from … to',
      ),
    basis: Text.describe('Why these numbers'),
  })
  .meta({ id: 'Measurement' });

@ApiTags('guidelines')
@ApiBearerAuth()
@Controller('measurements')
export class MeasurementsController {
  constructor(private readonly measurements: MeasurementsService) {}

  @Get()
  @ApiOperation({ summary: 'What exams measure: units, plausible bounds, comparators and reference limits' })
  @ApiResponse({
    status: 200,
    standardSchema: z.object({ items: z.array(MeasurementView) }).meta({ id: 'Measurements' }),
  })
  async list(): Promise<{ items: HospitalMeasurement[] }> {
    return { items: await this.measurements.list() };
  }
}
