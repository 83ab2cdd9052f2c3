/** Files as people have them: each is read as it was meant, or refused by what is wrong with it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import { DataFormatError } from '../../src/data/dataset';
import { readTable } from '../../src/data/table/read-table';
import { MissingValuesError, type Table, type TableOptions } from '../../src/data/table/table';
import { npyOf } from '../support/npy';

const encoder = new TextEncoder();
type Content = string | Uint8Array<ArrayBuffer>;

const read = (content: Content, options: TableOptions = {}, name = 'table.csv') =>
  readTable(new Blob([content]), name, options);

/** What is read of a file, in one value to look at. */
async function seen(content: Content, options?: TableOptions, name?: string) {
  const table = await read(content, options, name);
  return {
    features: table.featureNames,
    classes: table.classNames,
    samples: samplesOf(table),
    form: table.found.form.join(', '),
    left: table.found.columns.flatMap(({ name: column, why }) =>
      why === undefined ? [] : [`${column}: ${why}`],
    ),
  };
}

/** `[class, ...values]` of each row. */
function samplesOf({ rows, classNames }: Table) {
  return Array.from(rows.labels, (label, row) => [
    classNames[label],
    ...rows.values.slice(row * rows.features, (row + 1) * rows.features),
  ]);
}

const XY = { features: ['x', 'y'], classes: ['a', 'b'] };
const SAMPLES = [
  ['a', 1, 2.5],
  ['b', -3, 4],
  ['a', 5, 0.125],
  ['b', 7e3, 8],
];
const COMMAS = 'x,y,kind\n1,2.5,a\n-3,4,b\n5,.125,a\n7e3,8,b\n';

describe('files that are read', () => {
  it.each<readonly [string, Content, Partial<Awaited<ReturnType<typeof seen>>>]>([
    ['commas and a header', COMMAS, { ...XY, samples: SAMPLES }],
    [
      'semicolons and decimal commas, as spreadsheets write them in most of Europe',
      'x;y;kind\n1;2,5;a\n-3;4;b\n5;0,125;a\n7e3;8;b\n',
      {
        ...{ ...XY, samples: SAMPLES },
        form: 'semicolons between the columns, a header, decimal commas',
      },
    ],
    [
      'semicolons and decimal points',
      COMMAS.replaceAll(',', ';'),
      { ...{ ...XY, samples: SAMPLES }, form: 'semicolons between the columns, a header' },
    ],
    [
      'tabs',
      COMMAS.replaceAll(',', '\t'),
      { ...{ ...XY, samples: SAMPLES }, form: 'tabs between the columns, a header' },
    ],
    [
      'decimal commas in quotes between commas',
      'x,y,kind\n"1","2,5",a\n"-3",4,b\n5,"0,125",a\n7e3,8,b\n',
      { ...XY, samples: SAMPLES },
    ],
    ['lines of Windows', COMMAS.replaceAll('\n', '\r\n'), { ...XY, samples: SAMPLES }],
    ['lines of an old Macintosh', COMMAS.replaceAll('\n', '\r'), { ...XY, samples: SAMPLES }],
    ['no line break at the end', COMMAS.trimEnd(), { ...XY, samples: SAMPLES }],
    ['blank lines at the end and between', `\n${COMMAS.replace('b\n', 'b\n\n')}\n\n  \n`, XY],
    [
      'a byte-order mark, which is no part of the first name',
      `\ufeff${COMMAS}`,
      { ...XY, form: 'commas between the columns, a header, a byte-order mark' },
    ],
    ['UTF-16, as PowerShell writes', utf16(COMMAS), { ...XY, samples: SAMPLES }],
    [
      'quotes with commas, quotes and line breaks in them',
      'x,y,kind\n1,2,"Bordeaux, ""grand""\nvin"\n3,4,b\n5,6,"Bordeaux, ""grand""\nvin"\n7,8,b\n',
      { ...XY, classes: ['Bordeaux, "grand"\nvin', 'b'] },
    ],
    [
      'names with accents, sorted by their code points',
      'x,class\n1,été\n2,hiver\n3,été\n4,hiver\n5,Ångström\n6,Ångström\n',
      { features: ['x'], classes: ['hiver', 'Ångström', 'été'] },
    ],
    [
      'letters of Windows-1252',
      Uint8Array.from('x,class\n1,\xe9t\xe9\n2,b\n3,\xe9t\xe9\n4,b\n', (c) => c.charCodeAt(0)),
      {
        classes: ['b', 'été'],
        form: 'commas between the columns, a header, letters of Windows-1252',
      },
    ],
    [
      'no header, as the UCI repository has it',
      '5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,3.3,virginica\n5.8,2.7,virginica\n',
      {
        features: ['column 1', 'column 2'],
        classes: ['setosa', 'virginica'],
        form: 'commas between the columns, no header',
      },
    ],
    [
      'the class first, by its name in the header',
      'label,p0,p1\n7,0,255\n3,1,2\n7,5,6\n3,7,8\n',
      { features: ['p0', 'p1'], classes: ['3', '7'] },
    ],
    [
      'the class first, without a header: whole numbers that come again',
      '1,14.2,1.7\n1,13.2,1.8\n2,12.4,0.9\n2,12.3,1.1\n',
      { features: ['column 2', 'column 3'], classes: ['1', '2'] },
    ],
    [
      'a column called label, though one before it is called y',
      'size,y,label\n1,2.5,a\n-3,4,b\n5,0.125,a\n7e3,8,b\n',
      { features: ['size', 'y'], samples: SAMPLES },
    ],
    [
      'numbers as classes, by their value',
      'x,y\n1,10\n2,9\n3,10\n4,9\n5,-1\n6,-1\n',
      { features: ['x'], classes: ['-1', '9', '10'] },
    ],
    [
      'the index that pandas writes',
      ',x,y,kind\n0,1,2.5,a\n1,-3,4,b\n2,5,0.125,a\n3,7e3,8,b\n',
      { ...XY, samples: SAMPLES, left: ['column 1: counts the rows'] },
    ],
    [
      'columns of text and empty ones, which are named and left out',
      'x,name,none,y,kind,\n1,Anna,,2.5,a,\n-3,Bo,,4,b,\n5,Cy,,0.125,a,\n7e3,Di,,8,b,\n',
      {
        ...{ ...XY, samples: SAMPLES },
        left: ['name: not numbers: “Anna”', 'none: empty', 'column 6: empty'],
      },
    ],
    ...(
      [
        ['semicolons', 'sep=;\n', ';'],
        ['semicolons', '"sep=;"\r\n', ';'],
        ['semicolons', '\ufeffSEP=;\n', ';'],
        ['tabs', 'sep=\t\n', '\t'],
        ['commas', 'sep=,,,\n', ','],
        ['“^”', 'sep=^\n', '^'],
      ] as const
    ).map(
      ([title, line, delimiter]) =>
        [
          `the line of Excel’s that names the delimiter: ${JSON.stringify(line)}`,
          line +
            COMMAS.replaceAll(',', delimiter).replaceAll('\n', line.includes('\r') ? '\r\n' : '\n'),
          {
            ...{ ...XY, samples: SAMPLES },
            form: expect.stringContaining(
              `${title} between the columns, as its first line says, a header`,
            ),
          },
        ] as const,
    ),
    [
      'that line without a header, and another delimiter in the texts',
      'sep=;\n1,5;a, b\n2,5;c, d\n3,5;a, b\n4,5;c, d\n',
      { features: ['column 1'], classes: ['a, b', 'c, d'] },
    ],
    [
      "NumPy's savetxt: spaces and a header behind #",
      '# x y kind\n1 2.5 0\n-3 4 1\n5 0.125 0\n7000 8 1\n',
      { features: ['x', 'y'], classes: ['0', '1'] },
    ],
    [
      'names that come twice',
      'x,x,kind\n1,2.5,a\n-3,4,b\n5,0.125,a\n7e3,8,b\n',
      { features: ['x', 'x (2)'], samples: SAMPLES },
    ],
    [
      'spaces around everything',
      ' x , y , kind \n 1 , 2.5 , a \n -3 , 4 , b \n 5 , 0.125 , a \n 7e3 , 8 , b \n',
      { ...XY, samples: SAMPLES },
    ],
  ])('%s', async (_, content, expected) => {
    expect(await seen(content)).toMatchObject(expected);
  });

  it('a column that is asked for has the classes, by name or by number', async () => {
    const table = 'x,sort,kind\n1,u,a\n2,v,a\n3,u,b\n4,v,b\n';
    expect((await seen(table, { labelColumn: 'sort' })).classes).toEqual(['u', 'v']);
    expect((await seen(table, { labelColumn: '2' })).classes).toEqual(['u', 'v']);
    await expect(read(table, { labelColumn: 'sorte' })).rejects.toThrow(
      'There is no column “sorte”. The columns are x, sort, kind; a number from 1 to 3 names one, too.',
    );
  });

  it('a feature of one value is named, and stays', async () => {
    const { constant, featureNames } = await read('x,z,kind\n1,0,a\n2,0,a\n3,0,b\n4,0,b\n');
    expect(constant).toEqual(['z']);
    expect(featureNames).toEqual(['x', 'z']);
  });

  it('rows that lack a value are left out once that is said, and counted', async () => {
    const table = 'x,y,kind\n1,2.5,a\nNaN,1,a\n-3,4,b\n2,,b\n5,0.125,a\nNA,1,a\n1,1,\n7e3,8,b\n';
    const refused = await read(table).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MissingValuesError);
    expect(refused).toMatchObject({
      rows: 4,
      message: '4 of 8 rows lack a value, the first in line 3, column 1 (x): “NaN”.',
    });
    const kept = await read(table, { dropMissing: true });
    expect(kept.dropped).toBe(4);
    expect(samplesOf(kept)).toEqual(SAMPLES);
  });
});

describe('files that are refused', () => {
  const long = Array.from({ length: 204 }, (_, i) => `${i},${i >> 1}\n`).join('');
  it.each<readonly [string, Content, string]>([
    ['empty', '', 'The file is empty.'],
    ['blank', ' \n\n', 'The file is empty.'],
    ['a header alone', 'x,y,kind\n', 'There are no samples, only one line.'],
    ...(
      ['{"learning_rate": 0.1}', '[\n  {"x": 1},\n  {"x": 2}\n]\n', '[[1,2],[3,4]]'] as const
    ).map(
      (text) =>
        [
          `JSON, ${text.length} letters of it`,
          text,
          'This is JSON. Save a table as CSV, which is read here; the page’s Export opens settings and runs.',
        ] as const,
    ),
    [
      'a drawing in XML without its declaration',
      '<svg xmlns="a">\n</svg>\n',
      'This is an HTML or XML page, not the file behind it.',
    ],
    [
      'one column',
      'x\n1\n2\n',
      'This is not a table: its lines have one column. Tabs, semicolons, commas, bars or spaces may separate columns.',
    ],
    [
      'ragged below a line that names the delimiter',
      `sep=,\n${COMMAS.replace('-3,4,b', '-3,b')}`,
      'Line 4 has 2 values, and the others have 3.',
    ],
    ['ragged', COMMAS.replace('-3,4,b', '-3,b'), 'Line 3 has 2 values, and the others have 3.'],
    [
      'ragged after a quote of two lines, counted as an editor counts',
      'x,kind\n1,"a\na"\n2,b\n3\n',
      'Line 5 has 1 value, and the others have 2.',
    ],
    [
      'too large for a float64',
      COMMAS.replace('.125', '1e400'),
      'Line 4, column 2 (y): “1e400” is larger than any float64.',
    ],
    ['infinite', COMMAS.replace('.125', '-inf'), 'Line 4, column 2 (y): “-inf” is not finite.'],
    [
      'separators of thousands',
      `x,kind\n${'1,a\n2,b\n'.repeat(9)}"1,234.5",a\n`,
      'Line 20, column 1 (x): “1,234.5” is not a number here: write it without separators of thousands.',
    ],
    [
      'a slip of the pen',
      `x,kind\n${'1,a\n2,b\n'.repeat(9)}l2,a\n`,
      'Line 20, column 1 (x): “l2” is not a number, and the others of this column are.',
    ],
    [
      'hexadecimal, which Number would read',
      `x,kind\n${'1,a\n2,b\n'.repeat(9)}0x10,a\n`,
      'Line 20, column 1 (x): “0x10” is not a number, and the others of this column are.',
    ],
    [
      'one class',
      'x,kind\n1,a\n2,a\n',
      'Column kind has one value in all rows (“a”), so there is nothing to tell apart.',
    ],
    [
      'a class of one row',
      'x,kind\n1,a\n2,a\n3,b\n',
      'The class “b” has only one row, in line 4: it needs one to train with and one to test with.',
    ],
    [
      'more than a hundred classes',
      long,
      'Column 2 has more than 100 different values, the last in line 201 (“100”), so it does not name classes.',
    ],
    [
      'no column of numbers',
      'name,kind\nx,a\ny,b\nz,a\nw,b\n',
      'No column of numbers is left to learn from beside the classes: left out column 1 (not numbers: “x”).',
    ],
    [
      'a quote that is opened and not closed',
      'x,y,kind\n1,2,a\n3,4,"b\n5,6,a\n7,8,b\n',
      'Line 3: a quote is opened and never closed.',
    ],
    [
      'a page instead of the file',
      '<!DOCTYPE html>\n<html><head><title>404, not found</title></head></html>',
      'This is an HTML or XML page, not the file behind it.',
    ],
    [
      'still packed',
      gzipSync(encoder.encode(COMMAS)),
      'This is a gzip file: unpack it first. A table is CSV, TSV, NPY or NPZ.',
    ],
    [
      'a workbook',
      zipSync({
        '[Content_Types].xml': encoder.encode('<x/>'),
        'xl/workbook.xml': encoder.encode('<x/>'),
      }),
      'This is an Excel workbook (XLSX). Save its sheet as CSV, which is read here.',
    ],
    [
      'a sheet of LibreOffice',
      zipSync({
        mimetype: encoder.encode('application/vnd.oasis.opendocument.spreadsheet'),
        'content.xml': encoder.encode('<x/>'),
      }),
      'This is an OpenDocument file (ODS). Save its sheet as CSV, which is read here.',
    ],
    ...(
      [
        ['an old Excel workbook (XLS) or another Office document', '\xd0\xcf\x11\xe0\xa1\xb1'],
        ['a Parquet file', 'PAR1\x15\x04\x15\x30'],
        ['an Arrow file', 'ARROW1\0\0'],
        ['a Feather file', 'FEA1\0\0\0\0\x18'],
        ['an SQLite database', 'SQLite format 3\0'],
        ['a rich-text document (RTF)', '{\\rtf1\\ansi a,b}\n{1,2}\n'],
      ] as const
    ).map(
      ([kind, bytes]) =>
        [
          kind,
          Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)),
          `This is ${kind}. Save its table as CSV, which is read here.`,
        ] as const,
    ),
    [
      'an archive of something else',
      zipSync({ 'my.csv': encoder.encode(COMMAS) }),
      'This is a ZIP archive without NumPy arrays; it holds my.csv; unpack it first.',
    ],
    [
      'a picture',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
      'This is a PNG picture. A table is CSV, TSV, NPY or NPZ.',
    ],
    [
      'IDX',
      Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1),
      'This is an IDX file, as MNIST comes in: images and labels are four of them, brought together.',
    ],
  ])('%s', async (_, content, message) => {
    const refused = await read(content).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DataFormatError);
    expect((refused as DataFormatError).message).toBe(message);
  });

  it('are told, whatever the bytes are, and never with another error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc.string({ unit: fc.constantFrom(...'0123456789.,;"\n\r\t abNe-'), maxLength: 80 }),
        ),
        async (content) => {
          const bytes = typeof content === 'string' ? content : Uint8Array.from(content);
          const refused = await read(bytes).catch((error: unknown) => error);
          if (refused instanceof Error) expect(refused).toBeInstanceOf(DataFormatError);
        },
      ),
      { numRuns: 500, seed: 15 },
    );
  });
});

it('a table of several parts is read as one, whatever lies across their borders', async () => {
  // 2.4 MB: a row, a number, a letter of two bytes and a quote of two lines are cut.
  const kinds = ['été', '"deux\nlignes"', 'x'];
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i},${i / 7},${i % 11},${kinds[i % 3]}`);
  const shares: number[] = [];
  const table = await readTable(
    new Blob([`id,b,c,kind\n${lines.join('\n')}\n`]),
    'big.csv',
    {},
    {
      onProgress: (share) => shares.push(share),
    },
  );
  expect(table.rows.count).toBe(60_000);
  expect(table.classNames).toEqual(['deux\nlignes', 'x', 'été']);
  // The first column counts the rows.
  expect(table.rows.features).toBe(2);
  expect(
    table.rows.values.every((value, i) => value === (i % 2 ? (i >> 1) % 11 : (i >> 1) / 7)),
  ).toBe(true);
  expect(shares.length).toBeGreaterThan(1);
  expect(shares.at(-1)).toBe(1);
  const stop = new AbortController();
  const stopped = readTable(
    new Blob([lines.join('\n')]),
    'big.csv',
    {},
    {
      onProgress: () => stop.abort(),
      signal: stop.signal,
    },
  );
  await expect(stopped).rejects.toThrow(/abort/i);
});

describe('NumPy', () => {
  const table = [
    [1, 2.5, 0],
    [-3, 4, 1],
    [5, 0.125, 0],
    [7, 8, 1],
  ];
  const expected = [
    ['0', 1, 2.5],
    ['1', -3, 4],
    ['0', 5, 0.125],
    ['1', 7, 8],
  ];

  it.each(['<f8', '>f8', '<f4', '>f4'] as const)('%s in both orders', async (descr) => {
    for (const isFortran of [false, true]) {
      const { samples } = await seen(npyOf({ descr, isFortran, rows: table }), {}, 'a.npy');
      expect(samples).toEqual(expected);
    }
  });

  it.each(['|b1', '|u1', '|i1', '<u2', '>i2', '<i4', '>u4', '<i8', '>u8'] as const)(
    '%s, its own extremes',
    async (descr) => {
      const isSigned = descr[1] === 'i';
      const rows = [
        [isSigned ? -1 : 1, 0],
        [0, 0],
        [1, 1],
        [descr[1] === 'b' ? 1 : 127, 1],
      ];
      const { samples } = await seen(npyOf({ descr, isFortran: true, rows }), {}, 'a.npy');
      expect(samples).toEqual(rows.map(([x, y]) => [`${y}`, x]));
    },
  );

  it('samples and classes of an archive, the classes by their texts', async () => {
    const y = npyOf({ descr: '<U3', isFortran: false, rows: ['été', 'b', 'été', 'b'] });
    const x = npyOf({ descr: '<f4', isFortran: true, rows: table });
    const found = await seen(zipSync({ 'X.npy': x, 'y.npy': y }), {}, 'a.npz');
    expect(found.classes).toEqual(['b', 'été']);
    expect(found.samples.map((row) => row.slice(1))).toEqual(table);
  });

  it('images of an archive that says which of them test', async () => {
    const images = (first: number) =>
      npyOf({
        ...{ descr: '|u1', isFortran: false, shape: [2, 2, 2] },
        rows: Array.from({ length: 8 }, (_, i) => first + i),
      });
    const classes = npyOf({ descr: '|u1', isFortran: false, rows: [3, 7] });
    const archive = zipSync({
      ...{ 'x_train.npy': images(0), 'y_train.npy': classes },
      ...{ 'x_test.npy': images(8), 'y_test.npy': classes },
    });
    const { rows, input, trainRows, classNames, featureNames } = await read(archive, {}, 'm.npz');
    expect({ input, trainRows, classNames, featureNames }).toEqual({
      input: { channels: 1, height: 2, width: 2 },
      trainRows: 2,
      classNames: ['3', '7'],
      featureNames: undefined,
    });
    expect(rows.values).toEqual(Uint8Array.from({ length: 16 }, (_, i) => i));
  });

  const whole = npyOf({ descr: '<f8', isFortran: false, rows: table });
  it.each<readonly [string, Uint8Array<ArrayBuffer>, string]>([
    [
      'objects',
      npyOf({ descr: '|O', isFortran: false, rows: table }),
      'a.npy holds Python objects (dtype object), which are read by running Python. Save numbers, such as X.astype(float).',
    ],
    [
      'complex numbers',
      npyOf({ descr: '<c16', isFortran: false, rows: table }),
      'a.npy holds elements of the type c16, which are neither integers nor floats of 32 or 64 bits. Save numbers, such as X.astype(float).',
    ],
    [
      'cut off',
      whole.slice(0, whole.length - 8),
      'a.npy is cut off: its array of 4 × 3 has 96 bytes, and 88 are there.',
    ],
    [
      'cut off in its header',
      whole.slice(0, 40),
      'a.npy is not a whole NPY file: its header is cut off.',
    ],
    [
      'not a number',
      npyOf({ descr: '<f8', isFortran: false, rows: [...table, [1, Number.NaN, 0]] }),
      '1 of 5 rows lacks a value, in row 5, column 2: “nan”.',
    ],
    [
      'infinite',
      npyOf({ descr: '<f4', isFortran: false, rows: [...table, [1, Number.NEGATIVE_INFINITY, 0]] }),
      'Row 5, column 2: “-inf” is not finite.',
    ],
    [
      'one dimension',
      npyOf({ descr: '<f8', isFortran: false, rows: [1, 2, 3] }),
      'a.npy has the shape (3). A table has two dimensions, and a column with the classes; samples and classes by themselves belong into one NPZ, as x and y.',
    ],
    [
      'an archive of other arrays',
      zipSync({ 'w.npy': whole, 'b.npy': whole }),
      'The archive has the arrays w, b. Samples and classes are looked for as x and y, data and target, features and labels, or x_train, y_train, x_test and y_test.',
    ],
    [
      'as many classes as there are samples',
      zipSync({ 'x.npy': whole, 'y.npy': npyOf({ descr: '|u1', isFortran: false, rows: [0, 1] }) }),
      'The array y has the shape (2), and one class for each of 4 samples is wanted.',
    ],
    [
      'an archive that is cut off',
      zipSync({ 'x.npy': whole }).slice(0, 80),
      'a.npy is not a whole ZIP archive: invalid zip data.',
    ],
    [
      'an archive that was damaged on its way',
      damaged(zipSync({ 'b.npy': whole, 'x.npy': [whole, { level: 0 }] })),
      'x.npy in a.npy is damaged: it is not what its checksum says. Copy the file anew.',
    ],
  ])('refused: %s', async (_, content, message) => {
    const refused = await read(content, {}, 'a.npy').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DataFormatError);
    expect((refused as DataFormatError).message).toBe(message);
  });

  const python = process.env.SHADERPROP_PYTHON ?? 'python3';
  const hasPandas = spawnSync(python, ['-c', 'import numpy, pandas']).status === 0;
  const writtenByPython = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shaderprop-'));
    const script = `
import numpy as np, pandas as pd
X = np.array([[1, 2.5], [-3, 4], [5, 0.125], [7, 8]]); y = np.array([0, 1, 0, 1])
frame = pd.DataFrame(X, columns=["x", "y"]).assign(kind=["a", "b", "a", "b"])
frame.to_csv("index.csv"); frame.to_csv("european.csv", sep=";", decimal=",", index=False)
np.save("c.npy", np.column_stack([X, y])); np.save("f.npy", np.asfortranarray(np.column_stack([X, y])))
np.savez_compressed("xy.npz", X=X.astype(">f4"), y=y); np.savetxt("t.txt", np.column_stack([X, y]))
np.save("object.npy", np.array([[1, "a"], [2, "b"]], dtype=object))`;
    try {
      expect(spawnSync(python, ['-c', script], { cwd: folder }).stderr.toString()).toBe('');
      const of = async (name: string) =>
        samplesOf(await readTable(await openAsBlob(join(folder, name)), name)).map(
          ([, ...values]) => values,
        );
      const values = expected.map(([, ...row]) => row);
      for (const name of ['index.csv', 'european.csv', 'c.npy', 'f.npy', 'xy.npz', 't.txt']) {
        expect(await of(name), name).toEqual(values);
      }
      await expect(of('object.npy')).rejects.toThrow('Python objects');
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  // Where there is no pandas, nothing is to be checked.
  if (hasPandas) test('what NumPy and pandas themselves write', writtenByPython);
});

/** With a bit of the last array changed, which is stored as it is, before the directory. */
function damaged(archive: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = new DataView(archive.buffer).getUint32(archive.length - 22 + 16, true);
  const changed = archive.slice();
  changed[at - 1] ^= 1;
  return changed;
}

function utf16(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, true);
  for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), true);
  return bytes;
}
