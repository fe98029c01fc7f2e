import { afterAll, beforeAll, expect, test } from 'vitest'
import { addBrand } from '../../../src/domain/brands/add-brand.ts'
import { entriesOf, type House, openHouse, system } from '../../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const riviera = { code: 'riviera', name: 'Riviera Play', timeZone: 'Europe/Paris', currency: 'EUR' }
const brandsOf = (code: string) =>
  house.sql`select code, name, time_zone, currency from brands where code = ${code}`

test('a brand is added with an audit entry', async () => {
  const id = await addBrand(house.as(system), riviera)
  expect([...(await brandsOf('riviera'))]).toEqual([
    { code: 'riviera', name: 'Riviera Play', time_zone: 'Europe/Paris', currency: 'EUR' },
  ])
  expect((await entriesOf(house, system)).at(-1)).toMatchObject({
    action: 'addBrand',
    outcome: 'ALLOWED',
    brand_id: id,
    after: { ...riviera, coolingOffHours: 24 },
  })
})

test('a brand says how long higher limits wait', async () => {
  const id = await addBrand(house.as(system), { ...riviera, code: 'patient', coolingOffHours: 72 })
  const [row] = await house.sql`select cooling_off_hours from brands where id = ${id}`
  expect(row).toEqual({ cooling_off_hours: 72 })
})

test('a code is given once', async () => {
  await expect(addBrand(house.as(system), { ...riviera, code: 'demo' })).rejects.toMatchObject({
    code: 'BRAND_TAKEN',
    field: 'code',
  })
  expect((await entriesOf(house, system)).at(-1)).toMatchObject({ outcome: 'REFUSED', code: 'BRAND_TAKEN' })
})

test.each([
  ['code', { code: 'Riviera' }],
  ['name', { name: ' ' }],
  ['timeZone', { timeZone: 'Europe/Atlantis' }],
  ['coolingOffHours', { coolingOffHours: -1 }],
  ['coolingOffHours', { coolingOffHours: 0.5 }],
  ['coolingOffHours', { coolingOffHours: Number.NaN }],
  ['timeZone', { timeZone: '+02:00' }],
  ['currency', { currency: 'EURO' }],
])('a wrong %s is refused and nothing is written', async (field, wrong) => {
  const input = { ...riviera, code: 'wrong', ...wrong }
  await expect(addBrand(house.as(system), input)).rejects.toMatchObject({ code: 'INPUT_INVALID', field })
  expect([...(await brandsOf(input.code))]).toEqual([])
})

test('it needs the permission', async () => {
  const support = house.operator('SUPPORT')
  await expect(addBrand(house.as(support), { ...riviera, code: 'mine' })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  expect([...(await brandsOf('mine'))]).toEqual([])
  expect(await entriesOf(house, support)).toMatchObject([{ outcome: 'REFUSED', code: 'FORBIDDEN' }])
})
