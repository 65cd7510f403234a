import { checkDigit } from '@quanbao/domain/kernel/resident-id';
import type { County, Village } from './county.ts';
import { ageDay, type Day, day, iso } from './days.ts';
import { givenName, surname } from './names.ts';
import type { Random } from './random.ts';

/** Where and with whom an invented person lives; what becomes of him is his life (lives.ts). */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly male: boolean;
  readonly birth: Day;
  /** Whole years on the first day of the play. */
  readonly age: number;
  readonly village: Village;
  readonly group: number;
  readonly house: number;
  readonly household: string;
  readonly relation: string;
  readonly head: string;
  readonly rural: boolean;
  readonly phone: string;
}

export const START = day('2020-07-31');
const FIRST_BIRTH = day('1918-01-01');

/** Hands out numbers that nobody else in the county has. */
class Numbers {
  readonly #county: string;
  readonly #near: readonly string[];
  readonly #used: Uint16Array = new Uint16Array(2 * (day('2020-12-31') - FIRST_BIRTH));

  constructor(county: string) {
    this.#county = county;
    this.#near =
      county.slice(0, 2) === '43'
        ? ['430903', '430921', '430922', '430923', '430626', '430781', '430124', '522601', '510722', '420281']
        : ['450323', '450325', '450329', '431103', '431123', '450881', '441224', '520221'];
  }

  next(random: Random, birth: Day, male: boolean, movedIn: boolean): { id: string; birth: Day } {
    const area = movedIn ? random.pick(this.#near) : this.#county;
    let born = birth;
    for (;;) {
      const slot = 2 * (born - FIRST_BIRTH) + (male ? 1 : 0);
      const nth = this.#used[slot] as number;
      if (nth < 490) {
        this.#used[slot] = nth + 1;
        const sequence = ((nth * 137 + (born - FIRST_BIRTH) * 31) % 490) * 2 + (male ? 1 : 0);
        const first17 = `${area}${iso(born).replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
        return { id: first17 + checkDigit(first17), birth: born };
      }
      born--;
    }
  }
}

/** People of one household after another, village by village. */
export class Population {
  readonly #random: Random;
  readonly #numbers: Numbers;
  #households = 0;

  constructor(county: County, random: Random) {
    this.#random = random;
    this.#numbers = new Numbers(county.code);
  }

  *village(village: Village): Generator<Person[]> {
    let people = 0;
    let house = 0;
    let group = 1;
    while (people < village.people) {
      const household = this.#household(village, group, ++house).slice(0, village.people - people);
      people += household.length;
      yield household;
      if (people >= group * 250) {
        group++;
        house = 0;
      }
    }
  }

  /** Somebody who lives here but whom no register of this county names. */
  outsider(village: Village): Person {
    return this.#person(
      village,
      1,
      1,
      '',
      surname(this.#random),
      this.#random.chance(0.5),
      this.#random.int(18, 66),
      '户主',
      '',
      true,
    );
  }

  /** Born or moved in between the two registers. */
  newcomer(household: readonly Person[]): Person {
    const random = this.#random;
    const head = household[0] as Person;
    const newborn = random.chance(0.4);
    const male = random.chance(0.5);
    const age = newborn ? -1 : random.int(19, 55);
    const person = this.#person(
      head.village,
      head.group,
      head.house,
      head.household,
      newborn ? ([...head.name][0] as string) : surname(random),
      male,
      age,
      newborn ? (male ? '孙子' : '孙女') : '其他亲属',
      head.head,
      !newborn,
    );
    return person;
  }

  #household(village: Village, group: number, house: number): Person[] {
    const random = this.#random;
    const number = `${village.code.slice(4)}${String(++this.#households % 10_000_000).padStart(7, '0')}`;
    const members: Person[] = [];
    const family = surname(random);
    let headName = '';
    const add = (name: string, male: boolean, age: number, relation: string, movedIn = false): void => {
      if (age < 0 || age > 100) return;
      const person = this.#person(
        village,
        group,
        house,
        number,
        name,
        male,
        age,
        relation,
        headName,
        movedIn,
      );
      if (members.length === 0) headName = person.name;
      members.push(members.length === 0 ? { ...person, head: person.name } : person);
    };
    const old = random.chance(0.24);
    const headAge = old ? random.int(58, 84) : random.int(26, 57);
    const headMale = random.chance(0.82);
    add(family, headMale, headAge, '户主', random.chance(0.03));
    if (random.chance(old ? 0.6 : 0.8)) {
      add(
        surname(random),
        !headMale,
        headAge + random.int(-5, 3),
        headMale ? '妻' : '夫',
        random.chance(0.35),
      );
    }
    if (!old && random.chance(0.34)) {
      const parentAge = headAge + random.int(21, 31);
      add(family, true, parentAge, '父亲');
      if (random.chance(0.7))
        add(surname(random), false, parentAge - random.int(0, 4), '母亲', random.chance(0.3));
    }
    const children = random.int(0, random.chance(0.3) ? 3 : 2);
    for (let c = 0; c < children; c++) {
      const age = headAge - random.int(21, 34) - c * 2;
      if (age > 32 && random.chance(0.6)) continue;
      const male = random.chance(0.53);
      add(family, male, age, male ? '子' : '女');
      if (age >= 25 && random.chance(0.4)) {
        add(surname(random), !male, age - random.int(-1, 3), male ? '儿媳' : '女婿', random.chance(0.4));
        if (random.chance(0.7)) {
          const grandson = random.chance(0.52);
          add(family, grandson, age - random.int(21, 27), grandson ? '孙子' : '孙女');
        }
      }
    }
    return members;
  }

  #person(
    village: Village,
    group: number,
    house: number,
    household: string,
    family: string,
    male: boolean,
    age: number,
    relation: string,
    head: string,
    movedIn: boolean,
  ): Person {
    const random = this.#random;
    const wanted = age < 0 ? day('2020-08-01') + random.int(0, 50) : ageDay(START, -age) - random.int(0, 364);
    const { id, birth } = this.#numbers.next(random, Math.max(wanted, FIRST_BIRTH + 400), male, movedIn);
    return {
      id,
      name: family + givenName(random, male),
      male,
      birth,
      age,
      village,
      group,
      house,
      household,
      relation,
      head,
      rural: random.chance(village.urban ? 0.3 : 0.94),
      phone:
        age < 14 || random.chance(0.12)
          ? ''
          : `1${random.pick(['3', '5', '7', '8', '9'])}${String(random.int(0, 999_999_999)).padStart(9, '0')}`,
    };
  }
}
