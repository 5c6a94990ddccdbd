/**
 * The program behind a session or an event, as a person would name it. `bowser` knows the browsers,
 * which all call themselves Mozilla; every other program says its name first.
 */
import { getParser } from 'bowser';

import { t } from '$ui/i18n/index.svelte';

/** Longer ones exist only to be a nuisance. */
const LONGEST = 512;
/** How much of a text that says nothing is shown. */
const SHOWN = 60;

const PRODUCT = /^([\w.+-]+)\/([\w.+-]+)/;

function browser(agent: string): string {
  const { name, version } = getParser(agent).getBrowser();
  return [name, version?.split('.')[0]].filter(Boolean).join(' ');
}

/** "Firefox 128 on Linux", "curl 8.5.0". Reads the language: call it where it is shown. */
export function programName(userAgent: string): string {
  const agent = userAgent.trim().slice(0, LONGEST);
  if (agent === '') return t('security.program-unknown');
  const [, name, version] = PRODUCT.exec(agent) ?? [];
  const named = name && name !== 'Mozilla' && name !== 'Opera';
  const program = named ? `${name} ${version}` : browser(agent);
  if (program === '') return agent.length > SHOWN ? `${agent.slice(0, SHOWN)}…` : agent;
  const system = getParser(agent).getOSName();
  return system ? t('security.program-on', { program, system }) : program;
}
