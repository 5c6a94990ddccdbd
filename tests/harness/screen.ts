/**
 * The page as a person with or without sight knows it: by role, name and visible text. Nothing
 * here knows a class name or a test id; what cannot be found this way cannot be used either.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Key, WebElement, type WebDriver } from 'selenium-webdriver';

import { copyElsewhere } from './clipboard';
import { PATIENCE, until } from './wait';

export type Name = string | RegExp;

export interface Where {
  /** Look only inside this element. */
  inside?: WebElement;
  patience?: number;
}

const require = createRequire(import.meta.url);
const testingLibrary = readFileSync(
  require.resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'),
  'utf8',
);

/** Runs in the page, before each question. */
const PRELUDE = `
  const library = window.TestingLibraryDom;
  if (library === undefined) return 'inject';
  const [question, ...given] = arguments;
  const matcher = (name) =>
    name !== null && typeof name === 'object' ? new RegExp(name.source, name.flags) : name;
  const options = { ignore: 'script, style' };
`;

const ROLES = `${PRELUDE}
  const [role, name, inside] = given;
  return library.queryAllByRole(inside ?? document.body, role, name === null ? {} : { name: matcher(name) });
`;

const TEXTS = `${PRELUDE}
  const [text, inside] = given;
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  return library.queryAllByText(inside ?? document.body, matcher(text), options).filter(shown);
`;

const OUTLINE = `${PRELUDE}
  const roles = library.getRoles(document.body);
  return Object.entries(roles)
    .filter(([role]) => !['generic', 'paragraph', 'presentation', 'img', 'rowgroup'].includes(role))
    .flatMap(([role, elements]) => elements.slice(0, 30).map((element) => {
      const name = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '';
      return role + ' "' + name.trim().replace(/\\s+/g, ' ').slice(0, 80) + '"' + (element.disabled ? ' (disabled)' : '');
    }))
    .join('\\n  ');
`;

export class Screen {
  /** The window may be closed and opened again: its driver is asked for each time. */
  constructor(private readonly window: { readonly driver: WebDriver }) {}

  get driver(): WebDriver {
    return this.window.driver;
  }

  /** Everything with this role and name that is there now. */
  async all(role: string, name?: Name, inside?: WebElement): Promise<WebElement[]> {
    return this.ask<WebElement[]>(ROLES, role, sendable(name), inside ?? null);
  }

  /** The one thing with this role and name, as soon as it is there. */
  async get(role: string, name?: Name, where: Where = {}): Promise<WebElement> {
    return until(
      () => this.describe(`one ${role} "${name ?? ''}"`),
      async () => {
        const found = await this.all(role, name, where.inside);
        return found.length === 1 ? found[0] : undefined;
      },
      where.patience ?? PATIENCE,
    );
  }

  /** Waits for a button that stays in its place without doing anything, and reads why. */
  async reasonAgainst(button: Name, where: Where = {}): Promise<string> {
    const found = await this.get('button', button, where);
    if ((await found.getAttribute('aria-disabled')) !== 'true') {
      throw new Error(await this.describe(`"${button}" to be out of use`));
    }
    return this.driver.executeScript<string>(
      'return document.getElementById(arguments[0].getAttribute("aria-describedby"))?.textContent ?? ""',
      found,
    );
  }

  /** Waits until nothing has this role and name any more. */
  async gone(role: string, name?: Name, where: Where = {}): Promise<void> {
    await until(
      () => this.describe(`no ${role} "${name ?? ''}"`),
      async () => (await this.all(role, name, where.inside)).length === 0,
      where.patience ?? PATIENCE,
    );
  }

  /** Waits until this text can be read, and returns the element that holds it. */
  async see(text: Name, where: Where = {}): Promise<WebElement> {
    return until(
      () => this.describe(`the text ${text}`),
      async () => (await this.texts(text, where.inside))[0],
      where.patience ?? PATIENCE,
    );
  }

  /** The elements whose own text this is, now. */
  async texts(text: Name, inside?: WebElement): Promise<WebElement[]> {
    return this.ask<WebElement[]>(TEXTS, sendable(text), inside ?? null);
  }

  async click(role: string, name?: Name, where: Where = {}): Promise<void> {
    await until(
      () => this.describe(`a click on ${role} "${name ?? ''}"`),
      async () => {
        const element = await this.get(role, name, where);
        try {
          if (!(await element.isEnabled())) {
            return false;
          }
          // A choice among buttons shows its label alone, and that is what a person presses.
          const pressed = role === 'radio' ? await this.labelOf(element) : element;
          await pressed.click();
          return true;
        } catch (error) {
          if (isPassing(error)) {
            return false;
          }
          throw error;
        }
      },
      where.patience ?? PATIENCE,
    );
  }

  /** Replaces what stands in a field by typing. */
  async type(name: Name, text: string, where: Where & { role?: string } = {}): Promise<void> {
    const field = await this.field(name, where);
    await field.click();
    await field.sendKeys(Key.chord(Key.CONTROL, 'a'), Key.BACK_SPACE);
    if (text !== '') {
      await field.sendKeys(text); // by itself: WebKit's driver drops what follows a chord
    }
  }

  /** Replaces what stands in a field by pasting: long texts, and characters that no key makes. */
  async paste(name: Name, text: string, where: Where & { role?: string } = {}): Promise<void> {
    await copyElsewhere(text);
    const field = await this.field(name, where);
    await field.click();
    await field.sendKeys(Key.chord(Key.CONTROL, 'a'));
    await field.sendKeys(Key.chord(Key.CONTROL, 'v'));
  }

  async valueOf(name: Name, where: Where & { role?: string } = {}): Promise<string> {
    return await (await this.field(name, where)).getProperty('value');
  }

  /** Presses a key together with Ctrl. */
  async shortcut(key: string): Promise<void> {
    await this.driver.actions().keyDown(Key.CONTROL).sendKeys(key).keyUp(Key.CONTROL).perform();
  }

  /** What can be read of an element, whether or not it is scrolled into view. */
  async read(element: WebElement): Promise<string> {
    return this.driver.executeScript<string>('return arguments[0].innerText', element);
  }

  /** Presses keys wherever the focus is. */
  async press(...keys: string[]): Promise<void> {
    await this.driver
      .actions()
      .sendKeys(...keys)
      .perform();
  }

  /** Waits until this has the focus. */
  async hasFocus(role: string, name: Name, where: Where = {}): Promise<void> {
    await until(
      () => this.describe(`the focus on ${role} "${name}"`),
      async () => this.isFocused(role, name, where),
      where.patience ?? PATIENCE,
    );
  }

  /** Presses a key until this has the focus, as a person does who watches where it goes. */
  async pressUntilOn(key: string, role: string, name: Name, where: Where = {}): Promise<void> {
    await this.get(role, name, where);
    for (let pressed = 0; !(await this.isFocused(role, name, where)); pressed += 1) {
      if (pressed === STEPS) {
        throw new Error(await this.describe(`the focus on ${role} "${name}" by ${STEPS} presses`));
      }
      await this.press(key);
    }
  }

  private async isFocused(role: string, name: Name, { inside }: Where): Promise<boolean> {
    const [found, another] = await this.all(role, name, inside);
    if (found === undefined || another !== undefined) {
      return false;
    }
    return WebElement.equals(found, await this.driver.switchTo().activeElement());
  }

  /** The page's text, as it would be read aloud from top to bottom. */
  async text(): Promise<string> {
    return this.driver.executeScript<string>('return document.body.innerText');
  }

  private async labelOf(element: WebElement): Promise<WebElement> {
    return this.driver.executeScript<WebElement>(
      'return arguments[0].labels?.[0] ?? arguments[0]',
      element,
    );
  }

  /**
   * A field by its label. Password fields have no role of their own, so the label leads to them;
   * everything else must have its role too.
   */
  private async field(name: Name, where: Where & { role?: string }): Promise<WebElement> {
    return until(
      () => this.describe(`a field "${name}"`),
      async () => {
        for (const role of where.role === undefined ? FIELD_ROLES : [where.role]) {
          const found = await this.all(role, name, where.inside);
          if (found.length === 1) {
            return found[0];
          }
        }
        const found = await this.ask<WebElement[]>(
          `${PRELUDE}
            const [name, inside] = given;
            return library
              .queryAllByLabelText(inside ?? document.body, matcher(name), { selector: 'input[type=password]' });`,
          sendable(name),
          where.inside ?? null,
        );
        return found.length === 1 ? found[0] : undefined;
      },
      where.patience ?? PATIENCE,
    );
  }

  private async describe(wanted: string): Promise<string> {
    const outline = await this.ask<string>(OUTLINE);
    return `${wanted}\nThe page holds:\n  ${outline}`;
  }

  /** Asks the page, with the library put into it first where it is not there yet. */
  private async ask<T>(script: string, ...given: unknown[]): Promise<T> {
    for (;;) {
      const answer = await this.driver.executeScript<T | 'inject'>(script, '', ...given);
      if (answer !== 'inject') {
        return answer;
      }
      await this.driver.executeScript(testingLibrary);
    }
  }
}

/** So often a person presses a key to get from one thing on a screen to another. */
const STEPS = 20;

const FIELD_ROLES = ['textbox', 'searchbox', 'combobox', 'spinbutton'];

function sendable(name: Name | undefined): unknown {
  if (name === undefined) {
    return null;
  }
  return typeof name === 'string' ? name : { source: name.source, flags: name.flags };
}

/** What goes away by itself: the page was just drawing something else. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    [
      'StaleElementReferenceError',
      'ElementClickInterceptedError',
      'ElementNotInteractableError',
    ].includes(error.name)
  );
}
