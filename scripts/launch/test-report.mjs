/** Lines of a failure that are told again: the difference and the first frames of the stack. */
const FAILURE_LINES = 25;

/** More failed files than this are no accident of the machine, and are not tried again. */
const SECOND_TRY_FILES_MAX = 4;

/** One text for each failed test, and for each file that could not be run: where, which, and why. */
export function failuresOf(report) {
  const texts = [];
  for (const file of report?.testResults ?? []) {
    const tests = failedTests(file);
    for (const test of tests) {
      const why = test.failureMessages.join('\n').split('\n').slice(0, FAILURE_LINES);
      texts.push(`${nameOf(file, test)}\n${why.join('\n')}`);
    }
    if (file.status === 'failed' && tests.length === 0) texts.push(`${file.name}\n${file.message}`);
  }
  return texts;
}

/** The files that failed, when they are few. A file that could not be loaded is at fault itself. */
export function needsSecondTry(report) {
  const failed = (report?.testResults ?? []).filter((file) => file.status === 'failed');
  const loaded = failed.every((file) => failedTests(file).length > 0);
  return loaded && failed.length <= SECOND_TRY_FILES_MAX ? failed.map((file) => file.name) : [];
}

/** Names of the tests that failed in the first report and passed in the second. */
export function passedOnlyNow(first, second) {
  const passed = new Set();
  for (const file of second?.testResults ?? []) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed.add(nameOf(file, test));
    }
  }
  return (first?.testResults ?? []).flatMap((file) =>
    failedTests(file)
      .map((test) => nameOf(file, test))
      .filter((name) => passed.has(name)),
  );
}

/** The first report, with the second's results in place of its own for the files tried again. */
export function withSecondTry(first, second) {
  if (second === undefined) return first;
  const again = new Map(second.testResults.map((file) => [file.name, file]));
  const testResults = first.testResults.map((file) => again.get(file.name) ?? file);
  const statuses = testResults.flatMap((file) => file.assertionResults.map((test) => test.status));
  const count = (...wanted) => statuses.filter((status) => wanted.includes(status)).length;
  return {
    testResults,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending', 'skipped', 'disabled'),
    numTodoTests: count('todo'),
  };
}

function failedTests(file) {
  return file.assertionResults.filter((test) => test.status === 'failed');
}

function nameOf(file, test) {
  return `${file.name} > ${test.fullName}`;
}
