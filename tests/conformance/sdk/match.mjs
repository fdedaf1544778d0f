// Whether what came is what a vector expects: objects may have more than is expected, lists may not. `null` expects
// nothing there. Where a plain value does not do:
//   {"$match": "regular expression"}   {"$length": n}   {"$min": n, "$max": n}   {"$any": true}

// What differs, a line each; an empty list where nothing does.
export function differences(expected, actual, path = '') {
  const differs = (wanted) => [`${path || 'result'}: expected ${wanted}, got ${JSON.stringify(actual)}`];
  if (expected === null) return actual === undefined || actual === null ? [] : differs('nothing');
  if (typeof expected !== 'object') return Object.is(expected, actual) ? [] : differs(JSON.stringify(expected));
  if (Array.isArray(expected)) return listDifferences(expected, actual, path, differs);
  if ('$any' in expected) return actual === undefined || actual === null ? differs('something') : [];
  if ('$match' in expected) {
    const fits = typeof actual === 'string' && new RegExp(expected.$match, 's').test(actual);
    return fits ? [] : differs(`text like ${expected.$match}`);
  }
  if ('$length' in expected) return actual?.length === expected.$length ? [] : differs(`${expected.$length} elements`);
  if ('$min' in expected || '$max' in expected) {
    const { $min = -Infinity, $max = Infinity } = expected;
    return actual >= $min && actual <= $max ? [] : differs(`${$min} to ${$max}`);
  }
  if (typeof actual !== 'object' || actual === null) return differs(JSON.stringify(expected));
  return Object.keys(expected).flatMap((key) => differences(expected[key], actual[key], path ? `${path}.${key}` : key));
}

function listDifferences(expected, actual, path, differs) {
  if (!Array.isArray(actual) || actual.length !== expected.length) return differs(JSON.stringify(expected));
  return expected.flatMap((element, index) => differences(element, actual[index], `${path}[${index}]`));
}

// What the fault server was asked, against a vector's "seen".
export function differencesOfCalls(seen, calls) {
  const of = (method) => calls.filter((call) => call.method === method);
  const found = [];
  for (const [method, count] of Object.entries(seen.calls ?? {})) {
    found.push(...differences(count, of(method).length, `calls of ${method}`));
  }
  for (const [method, requests] of Object.entries(seen.requests ?? {})) {
    found.push(...differences(requests, of(method).map((call) => call.requests[0]), `requests of ${method}`));
  }
  for (const [method, metadata] of Object.entries(seen.metadata ?? {})) {
    for (const call of of(method)) found.push(...differences(metadata, call.metadata, `metadata of ${method}`));
  }
  for (const [method, field] of Object.entries(seen.same ?? {})) {
    const values = new Set(of(method).map((call) => call.requests[0]?.[field]));
    if (values.size !== 1 || values.has(undefined)) found.push(`${field} of ${method} differs: ${[...values]}`);
  }
  for (const [method, gaps] of Object.entries(seen.gaps_at_least_ms ?? {})) {
    const times = of(method).map((call) => call.at);
    const actual = times.slice(1).map((time, index) => Math.round(time - times[index]));
    found.push(...differences(gaps.map(($min) => ({ $min })), actual, `gaps of ${method}`));
  }
  return found;
}
