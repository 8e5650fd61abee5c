/**
 * The elements of R4 (4.0.1) resources and data types, one text a type: `name:Type`, then `!` for 1..1, `*` for 0..*, `+` for
 * 1..* and nothing for 0..1. `name[x]` has one of the types that `|` divides; `code(…)` lists a required binding.
 */
const USE = 'code(usual,official,temp,secondary,old)';
const GENDER = 'code(male,female,other,unknown)';
const ANY_VALUE =
  'base64Binary|boolean|canonical|code|date|dateTime|decimal|id|instant|integer|markdown|oid|positiveInt|string|time|unsignedInt|uri|url|uuid|' +
  'Address|Age|Annotation|Attachment|CodeableConcept|Coding|ContactPoint|Count|Distance|Duration|HumanName|Identifier|Money|Period|Quantity|' +
  'Range|Ratio|Reference|SampledData|Signature|Timing|ContactDetail|Contributor|DataRequirement|Expression|ParameterDefinition|RelatedArtifact|' +
  'TriggerDefinition|UsageContext|Dosage|Meta';
const OBSERVED =
  'value[x]:Quantity|CodeableConcept|string|boolean|integer|Range|Ratio|SampledData|time|dateTime|Period dataAbsentReason:CodeableConcept ' +
  'interpretation:CodeableConcept* referenceRange:Observation.referenceRange*';
const WHEN = 'dateTime|Age|Period|Range|string';
const QUANTITY = 'value:decimal comparator:code(<,<=,>=,>) unit:string system:uri code:code';

export const DATA_TYPES: Readonly<Record<string, string>> = {
  Extension: `url:uri! value[x]:${ANY_VALUE}`,
  Narrative: 'status:code(generated,extensions,additional,empty)! div:xhtml!',
  Meta: 'versionId:id lastUpdated:instant source:uri profile:canonical* security:Coding* tag:Coding*',
  Identifier: `use:${USE} type:CodeableConcept system:uri value:string period:Period assigner:Reference`,
  HumanName:
    'use:code(usual,official,temp,nickname,anonymous,old,maiden) text:string family:string given:string* prefix:string* suffix:string* period:Period',
  ContactPoint:
    'system:code(phone,fax,email,pager,url,sms,other) value:string use:code(home,work,temp,old,mobile) rank:positiveInt period:Period',
  Address:
    'use:code(home,work,temp,old,billing) type:code(postal,physical,both) text:string line:string* city:string district:string state:string postalCode:string country:string period:Period',
  Coding: 'system:uri version:string code:code display:string userSelected:boolean',
  CodeableConcept: 'coding:Coding* text:string',
  Quantity: QUANTITY,
  Age: QUANTITY,
  Count: QUANTITY,
  Distance: QUANTITY,
  Duration: QUANTITY,
  SimpleQuantity: 'value:decimal unit:string system:uri code:code',
  Money: 'value:decimal currency:code',
  Range: 'low:SimpleQuantity high:SimpleQuantity',
  Ratio: 'numerator:Quantity denominator:Quantity',
  Period: 'start:dateTime end:dateTime',
  Reference: 'reference:string type:uri identifier:Identifier display:string',
  Attachment:
    'contentType:code language:code data:base64Binary url:url size:unsignedInt hash:base64Binary title:string creation:dateTime',
  Annotation: 'author[x]:Reference|string time:dateTime text:markdown!',
  SampledData:
    'origin:SimpleQuantity! period:decimal! factor:decimal lowerLimit:decimal upperLimit:decimal dimensions:positiveInt! data:string',
  Signature:
    'type:Coding+ when:instant! who:Reference! onBehalfOf:Reference targetFormat:code sigFormat:code data:base64Binary',
  Timing: 'event:dateTime* repeat:Timing.repeat code:CodeableConcept',
  'Timing.repeat':
    'bounds[x]:Duration|Range|Period count:positiveInt countMax:positiveInt duration:decimal durationMax:decimal durationUnit:code(s,min,h,d,wk,mo,a) frequency:positiveInt frequencyMax:positiveInt period:decimal periodMax:decimal periodUnit:code(s,min,h,d,wk,mo,a) dayOfWeek:code(mon,tue,wed,thu,fri,sat,sun)* timeOfDay:time* when:code* offset:unsignedInt',
  ContactDetail: 'name:string telecom:ContactPoint*',
};

/** The parts of resources that have modifier extensions of their own. */
export const BACKBONES: Readonly<Record<string, string>> = {
  'Patient.contact': `relationship:CodeableConcept* name:HumanName telecom:ContactPoint* address:Address gender:${GENDER} organization:Reference period:Period`,
  'Patient.communication': 'language:CodeableConcept! preferred:boolean',
  'Patient.link': 'other:Reference! type:code(replaced-by,replaces,refer,seealso)!',
  'Condition.stage': 'summary:CodeableConcept assessment:Reference* type:CodeableConcept',
  'Condition.evidence': 'code:CodeableConcept* detail:Reference*',
  'Procedure.performer': 'function:CodeableConcept actor:Reference! onBehalfOf:Reference',
  'Procedure.focalDevice': 'action:CodeableConcept manipulated:Reference!',
  'Observation.referenceRange':
    'low:SimpleQuantity high:SimpleQuantity type:CodeableConcept appliesTo:CodeableConcept* age:Range text:string',
  'Observation.component': `code:CodeableConcept! ${OBSERVED}`,
  'DiagnosticReport.media': 'comment:string link:Reference!',
  'Appointment.participant':
    'type:CodeableConcept* actor:Reference required:code(required,optional,information-only) status:code(accepted,declined,tentative,needs-action)! period:Period',
  'Bundle.link': 'relation:string! url:uri!',
  'Bundle.entry':
    'link:Bundle.link* fullUrl:uri resource:Resource search:Bundle.search request:Bundle.request response:Bundle.response',
  'Bundle.search': 'mode:code(match,include,outcome) score:decimal',
  'Bundle.request':
    'method:code(GET,HEAD,POST,PUT,DELETE,PATCH)! url:uri! ifNoneMatch:string ifModifiedSince:instant ifMatch:string ifNoneExist:string',
  'Bundle.response': 'status:string! location:uri etag:string lastModified:instant outcome:Resource',
};

/** The resources that the program reads. Other types are known by name alone. */
export const RESOURCES: Readonly<Record<string, string>> = {
  Patient: `identifier:Identifier* active:boolean name:HumanName* telecom:ContactPoint* gender:${GENDER} birthDate:date deceased[x]:boolean|dateTime address:Address* maritalStatus:CodeableConcept multipleBirth[x]:boolean|integer photo:Attachment* contact:Patient.contact* communication:Patient.communication* generalPractitioner:Reference* managingOrganization:Reference link:Patient.link*`,
  Condition: `identifier:Identifier* clinicalStatus:CodeableConcept verificationStatus:CodeableConcept category:CodeableConcept* severity:CodeableConcept code:CodeableConcept bodySite:CodeableConcept* subject:Reference! encounter:Reference onset[x]:${WHEN} abatement[x]:${WHEN} recordedDate:dateTime recorder:Reference asserter:Reference stage:Condition.stage* evidence:Condition.evidence* note:Annotation*`,
  Procedure:
    'identifier:Identifier* instantiatesCanonical:canonical* instantiatesUri:uri* basedOn:Reference* partOf:Reference* ' +
    'status:code(preparation,in-progress,not-done,on-hold,stopped,completed,entered-in-error,unknown)! statusReason:CodeableConcept category:CodeableConcept code:CodeableConcept ' +
    'subject:Reference! encounter:Reference performed[x]:dateTime|Period|string|Age|Range recorder:Reference asserter:Reference performer:Procedure.performer* location:Reference ' +
    'reasonCode:CodeableConcept* reasonReference:Reference* bodySite:CodeableConcept* outcome:CodeableConcept report:Reference* complication:CodeableConcept* complicationDetail:Reference* ' +
    'followUp:CodeableConcept* note:Annotation* focalDevice:Procedure.focalDevice* usedReference:Reference* usedCode:CodeableConcept*',
  Observation:
    'identifier:Identifier* basedOn:Reference* partOf:Reference* status:code(registered,preliminary,final,amended,corrected,cancelled,entered-in-error,unknown)! category:CodeableConcept* ' +
    'code:CodeableConcept! subject:Reference focus:Reference* encounter:Reference effective[x]:dateTime|Period|Timing|instant issued:instant performer:Reference* ' +
    `${OBSERVED} note:Annotation* bodySite:CodeableConcept method:CodeableConcept specimen:Reference device:Reference hasMember:Reference* derivedFrom:Reference* component:Observation.component*`,
  DiagnosticReport:
    'identifier:Identifier* basedOn:Reference* status:code(registered,partial,preliminary,final,amended,corrected,appended,cancelled,entered-in-error,unknown)! category:CodeableConcept* ' +
    'code:CodeableConcept! subject:Reference encounter:Reference effective[x]:dateTime|Period issued:instant performer:Reference* resultsInterpreter:Reference* specimen:Reference* result:Reference* ' +
    'imagingStudy:Reference* media:DiagnosticReport.media* conclusion:string conclusionCode:CodeableConcept* presentedForm:Attachment*',
  Appointment:
    'identifier:Identifier* status:code(proposed,pending,booked,arrived,fulfilled,cancelled,noshow,entered-in-error,checked-in,waitlist)! cancelationReason:CodeableConcept serviceCategory:CodeableConcept* ' +
    'serviceType:CodeableConcept* specialty:CodeableConcept* appointmentType:CodeableConcept reasonCode:CodeableConcept* reasonReference:Reference* priority:unsignedInt description:string ' +
    'supportingInformation:Reference* start:instant end:instant minutesDuration:positiveInt slot:Reference* created:dateTime comment:string patientInstruction:string basedOn:Reference* ' +
    'participant:Appointment.participant+ requestedPeriod:Period*',
  Bundle:
    'identifier:Identifier type:code(document,message,transaction,transaction-response,batch,batch-response,history,searchset,collection)! timestamp:instant total:unsignedInt link:Bundle.link* ' +
    'entry:Bundle.entry* signature:Signature',
};
