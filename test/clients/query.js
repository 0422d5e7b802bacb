// Runs the queries of a file through node-postgres, output as Query.java.
//	NUMBERS=1: with bigint as number
const fs = require('fs')
const { Client, types } = require('pg')

if (process.env.NUMBERS) types.setTypeParser(types.builtins.INT8, Number)

const kind = (v) => v === null || typeof v !== 'object' ? typeof v : v.constructor.name
const text = (v) => v instanceof Date ? (v.getTime() / 1000).toFixed(3)
	: typeof v === 'object' ? JSON.stringify(v) : String(v).replace(/[\t\n\\]/g, ' ')

async function main() {
	const client = new Client()
	await client.connect()
	const names = new Map((await client.query('SELECT oid, typname FROM pg_type')).rows.map((r) => [Number(r.oid), r.typname]))
	for (const block of ('\n' + fs.readFileSync(process.argv[2], 'utf8')).split('\n-- name: ').slice(1)) {
		const [name, ...sql] = block.split('\n')
		const { rows, fields } = await client.query({ text: sql.join('\n'), rowMode: 'array' })
		fields.forEach((f, i) => {
			const row = rows.find((r) => r[i] !== null && r[i] !== '')
			const value = row ? row[i] : null
			console.log([name, i + 1, f.name, names.get(f.dataTypeID), row ? kind(value) : '', row ? text(value) : ''].join('\t'))
		})
	}
	await client.end()
}
main().catch((e) => { console.error(e.message); process.exit(1) })
