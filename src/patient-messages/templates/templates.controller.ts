import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { TemplateInput, TemplateParams, TemplatesView, TemplateView } from './template-schemas.js';
import { TemplatesService } from './templates.service.js';

@ApiTags('patient messages')
@ApiBearerAuth()
@Controller('message-templates')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @ApiOperation({ summary: "The texts of messages to patients: the hospital's own, else the program's" })
  @ApiResponse({ status: 200, standardSchema: TemplatesView })
  list(): Promise<TemplatesView> {
    return this.templates.list();
  }

  @Put(':occasion/:lang')
  @ApiOperation({ summary: 'Replace the text of one occasion in one language' })
  @ApiResponse({ status: 200, standardSchema: TemplateView })
  replace(
    @Param('occasion', { schema: TemplateParams.shape.occasion }) occasion: TemplateParams['occasion'],
    @Param('lang', { schema: TemplateParams.shape.lang }) lang: TemplateParams['lang'],
    @Body({ schema: TemplateInput }) input: TemplateInput,
  ): Promise<TemplateView> {
    return this.templates.replace(occasion, lang, input);
  }
}
