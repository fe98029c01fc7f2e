import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReportEntry, ReportFormat } from '../../src/domain/reconciliation/types.ts'
import { readReport } from '../../src/integrations/read-report.ts'
import { csvLine, csvReport, reportColumns, type ReportRow } from '../support/report.ts'

const row = (given: Partial<ReportRow> = {}): ReportRow => ({
  transaction_uuid: 't-1',
  reference_transaction_uuid: null,
  kind: 'TK_BET',
  status: 'TS_SUCCESS',
  user: 'ada',
  round: 'r-1',
  game_code: 'book',
  currency: 'EUR',
  amount: 123_000,
  created_at: '2026-11-01T10:00:00.123Z',
  ...given,
})

/** The text as bytes, cut into pieces of this size. */
async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(format: ReportFormat, text: string, size = 65_536): Promise<ReportEntry[]> {
  const entries: ReportEntry[] = []
  for await (const chunk of readReport('hub88', format, pieces(text, size))) entries.push(...chunk)
  return entries
}

const told = (entries: readonly ReportEntry[]) =>
  entries.map((one) => ('theirs' in one ? [one.line, one.theirs.transactionKey] : [one.line, one.fault]))

const json = (rows: readonly object[]) => JSON.stringify(rows)

describe('a record', () => {
  test('is read whole', async () => {
    const [entry] = await read('CSV', csvReport([row()]))
    expect(entry).toEqual({
      line: 2,
      theirs: {
        transactionKey: 't-1',
        kind: 'BET',
        status: 'SUCCESS',
        amount: '1.23',
        amountMinor: 123n,
        currency: 'EUR',
        round: 'r-1',
        player: 'ada',
        game: 'book',
        at: new Date('2026-11-01T10:00:00.123Z'),
      },
    })
  })

  test.each([
    ['JPY', '500000', '5.00', 5n],
    ['EUR', '100', '0.001', null],
    ['BHD', '100', '0.001', 1n],
    ['EUR', '99999999999999999999', '999999999999999.99999', null],
    ['EUR', '-100000', '-1.00', -100n],
    ['ABC', '100000', '1.00', null],
  ])('in %s of %s is %s, exactly', async (currency, amount, decimal, minor) => {
    const text = csvReport([row({ currency })]).replace(',123000,', `,${amount},`)
    expect(await read('CSV', text)).toMatchObject([
      { theirs: { amount: decimal, amountMinor: minor, currency } },
    ])
    const written = json([row({ currency })]).replace(':123000,', `:${amount},`)
    expect(await read('JSON', written)).toMatchObject([{ theirs: { amount: decimal, amountMinor: minor } }])
  })

  test.each([
    [{ kind: 'TK_TIP' }, 'kind "TK_TIP" is not known'],
    [{ status: '' }, 'status is missing'],
    [{ amount: 1.5 }, 'amount is not an integer in units of 0.00001'],
    [{ created_at: 'yesterday' }, 'created_at is not a moment'],
    [{ currency: 'E' }, 'currency is no currency code'],
    [{ transaction_uuid: 'x'.repeat(129) }, 'transaction_uuid is too long or not well-formed'],
  ])('%o cannot be read: %s', async (given, fault) => {
    const entries = await read('CSV', csvReport([row(given)]))
    expect(entries).toMatchObject([{ line: 2, fault }])
  })
})

describe('CSV', () => {
  test('may have a mark of its encoding, other columns, quotes, blank lines, and any line ends', async () => {
    const [header, line] = [reportColumns.join(','), csvLine(row({ round: 'r,"1"', user: 'two\nlines' }))]
    const text = `\ufeff${header.toUpperCase()},extra\n\n${line},more\r\n\r\n${line},"m,o"`
    expect(await read('CSV', text)).toMatchObject([
      { line: 3, theirs: { round: 'r,"1"', player: 'two\nlines' } },
      { line: 6, theirs: { round: 'r,"1"' } },
    ])
  })

  test('says where it is broken, and goes on with the next line', async () => {
    const good = csvLine(row())
    const text = [reportColumns.join(','), `"${good}`, good, 'a,b', `${good}"`, `"x"y${good}`, good].join(
      '\n',
    )
    const quotes = 'its quotes are not those of CSV'
    expect(told(await read('CSV', text))).toEqual([
      [2, quotes],
      [3, 't-1'],
      [4, 'it has 2 cells where the heading has 10'],
      [5, quotes],
      [6, quotes],
      [7, 't-1'],
    ])
  })

  test('needs its columns', async () => {
    const text = 'transaction_uuid,user,round\n1,2,3\n'
    const message = 'the report lacks the columns kind, status, currency, amount, created_at'
    await expect(read('CSV', text)).rejects.toMatchObject({ code: 'REPORT_COLUMNS', message })
  })

  test('has no endless lines', async () => {
    await expect(read('CSV', 'x'.repeat(200_000))).rejects.toMatchObject({ code: 'REPORT_FORMAT' })
    await expect(read('JSON', `[{"a":"${'x'.repeat(200_000)}`)).rejects.toMatchObject({
      code: 'REPORT_FORMAT',
    })
  })
})

describe('JSON', () => {
  const rows = [row(), row({ transaction_uuid: 't-2', user: 'a "}],[{\\' })]
  const pretty = JSON.stringify(rows, null, 2)
  test.each([
    ['an array', json(rows)],
    ['an array over many lines', `\n ${pretty}\n`],
    [
      'an object with a list',
      `{"total": {"of": [1]}, "tags": [], "transactions": ${json(rows)}, "next": ["x"]}`,
    ],
    [
      'an object with lists of other things before it',
      `{"currencies": ["EUR", "{"], "pages": [[{}], 2], "of": [null], "transactions": ${json(rows)}}`,
    ],
    ['an object a line', rows.map((one) => JSON.stringify(one)).join('\n')],
  ])('as %s', async (_name, text) => {
    expect(told(await read('JSON', text))).toEqual([
      [1, 't-1'],
      [2, 't-2'],
    ])
  })

  test.each(['[]', ' [ ] ', '{"transactions": []}'])('may be empty: %s', async (text) => {
    expect(await read('JSON', text)).toEqual([])
  })

  test.each([
    ['empty', { amount: null, currency: null }],
    ['left out', { amount: undefined, currency: undefined }],
  ])('may begin with a rollback, whose money is %s', async (_how, none) => {
    const given = [{ ...row({ kind: 'TK_ROLLBACK' }), ...none }, row({ transaction_uuid: 't-2' })]
    expect(told(await read('JSON', json(given)))).toEqual([
      [1, 't-1'],
      [2, 't-2'],
    ])
  })

  test('may begin with a broken entry', async () => {
    expect(told(await read('JSON', json([{ ...row(), status: null }, row()])))).toEqual([
      [1, 'status is missing'],
      [2, 't-1'],
    ])
  })

  test('says which entry is broken', async () => {
    const [first = '', second = ''] = rows.map((one) => JSON.stringify(one))
    const distinct = 'it is not JSON with distinct keys'
    const twice = first.replace('{', '{"kind":"TK_WIN",')
    expect(told(await read('JSON', `[${first}, 5, {oops}, ${twice}, ${second}]`))).toEqual([
      [1, 't-1'],
      [2, 'it is not an object'],
      [3, distinct],
      [4, distinct],
      [5, 't-2'],
    ])
    expect(told(await read('JSON', `${first}\n{"half":\n${second}\n`))).toEqual([
      [1, 't-1'],
      [2, distinct],
      [3, 't-2'],
    ])
  })

  test.each([
    ['hello', 'the report is not JSON'],
    ['{"transactions": 5}', 'the report ends in the middle, or holds no list'],
    ['[{"a":1},', 'the report lacks the columns'],
    ['[', 'the report ends in the middle, or holds no list'],
  ])('%s is no report', async (text, message) => {
    await expect(read('JSON', text)).rejects.toThrow(message)
  })
})

test('no dialect but those that are known has reports', async () => {
  const entries = readReport('swipe', 'CSV', pieces('', 1))
  await expect(entries.next()).rejects.toMatchObject({ code: 'REPORT_UNKNOWN' })
})

test('it does not matter where the bytes are cut', async () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((one) => one.trim() !== '' && !one.includes('\0'))
  const some = fc.array(fc.record({ transaction_uuid: fc.uuid(), user: text, round: text }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(some, fc.integer({ min: 1, max: 40 }), async (given, size) => {
      const rows = given.map((one) => row(one))
      const expected = rows.map((one) => [one.transaction_uuid, one.user, one.round])
      const writings = [
        ['CSV', csvReport(rows)],
        ['JSON', json(rows)],
        ['JSON', `{"list": ${json(rows)}}`],
        ['JSON', rows.map((one) => JSON.stringify(one)).join('\n')],
      ] as const
      for (const [format, written] of writings) {
        const entries = await read(format, written, size)
        const found = entries.map(
          (one) => 'theirs' in one && [one.theirs.transactionKey, one.theirs.player, one.theirs.round],
        )
        expect(found).toEqual(expected)
      }
    }),
    { numRuns: 60 },
  )
})
