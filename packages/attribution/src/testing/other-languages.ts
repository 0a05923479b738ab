/** Programs in other languages that the attack suites rob: the words of a language, and what thieves do to its layout. */
export interface Program {
  readonly extension: string;
  /** Source of one founder's module. */
  readonly module: (index: number) => string;
  readonly reFormat: (text: string) => string;
  readonly renameLocals: (text: string) => string;
}

export const PYTHON_PROGRAM: Program = {
  extension: 'py',
  module: (index) =>
    [
      `"""Stage ${index} of the mill."""`,
      `def mix${index}(value: int, times: int = ${index + 2}) -> int:`,
      "    '''Turns a number into another.'''",
      `    total = value ^ ${index * 7919 + 5}`,
      '    for step in range(times):',
      `        mixed = (total + step * ${index + 3}) % 65521`,
      `        if mixed % ${index + 2} == 0:`,
      `            total = total + mixed * ${index + 11}`,
      '        else:',
      `            total = (total ^ mixed) & 0xFFFF${index}`,
      `        parts = [part * ${index + 5} for part in (total, mixed) if part]`,
      `    label = f'mix${index} {total!r}' + 'and' ' more'`,
      '    return total + len(label), parts',
      '',
    ].join('\n'),
  // Tabs, other quotes, other line ends, parentheses, no types, comments in place of docstrings.
  reFormat: (text) =>
    text
      .replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length / 4))
      .replace(/: int| -> int/g, '')
      .replace(/'([^'\n]+)'(?!')/g, '"$1"')
      .replace(/^(\s*return )(.*)$/gm, '$1(\n\t\t$2,\n\t)')
      .replace(/ = (total .*)$/gm, ' = ($1)')
      .replace(/^.*"""$/gm, '# another hand')
      .replace(/\n/g, '\r\n'),
  renameLocals: (text) => text.replace(/\b(value|times|total|step|mixed|parts|part|label)\b/g, 'thief_$1'),
};

export const RUST_PROGRAM: Program = {
  extension: 'rs',
  module: (index) =>
    [
      `// Stage ${index} of the mill.`,
      '#[inline]',
      `pub fn mix${index}(value: u64, times: u64) -> u64 {`,
      `    let mut total: u64 = value ^ ${index * 7919 + 5};`,
      '    for step in 0..times {',
      `        let mixed = total.wrapping_add(step * ${index + 3}) % 65521;`,
      `        let mixed = mixed + ${index};`,
      `        match mixed % ${index + 2} { 0 => total += mixed * ${index + 11}, _ => total ^= mixed, }`,
      `        let scale = |part: u64| part * ${index + 5};`,
      `        if let Some(next) = scale(total).checked_add(${index}) { total = next; }`,
      '    }',
      `    println!("mix${index} {total}");`,
      '    total',
      '}',
      '',
    ].join('\n'),
  reFormat: (text) =>
    text
      .replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length / 4))
      .replace(/: u64(?= =|\|)/g, '')
      .replace(/=> (total [^,]*),/g, '=>\n{ $1 }\n')
      .replace(/\|(part)\| (.*);/g, '|$1| { $2 };')
      .replace('#[inline]\n', '')
      .replace(/\/\/ .*$/gm, '/* another hand */')
      .replace(/\n/g, '\r\n\r\n'),
  renameLocals: (text) => text.replace(/\b(value|times|total|step|mixed|scale|part|next)\b/g, 'thief_$1'),
};

/** An LCOV tracefile in which every line of these files ran `count` times. */
export function traceOf(files: Readonly<Record<string, string>>, count: number): string {
  const records = Object.entries(files).map(([path, text]) => {
    const lines = text.split('\n').map((_, index) => `DA:${index + 1},${count}\n`);
    return `SF:${path}\n${lines.join('')}end_of_record\n`;
  });
  return `TN:\n${records.join('')}`;
}
